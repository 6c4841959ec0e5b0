package org.sparkvae.run;

import java.util.Comparator;
import java.util.List;
import org.sparkvae.failure.ConfigurationFailure;
import org.sparkvae.storage.Pointer;
import org.sparkvae.storage.Storage;

/** Points a stable place at a finished run, and clears away older ones. */
final class PublishStage {
  /** What the place calls the run that is published. */
  static final String CURRENT = "current";

  private PublishStage() {}

  /**
   * Points {@code current} at a run, in one step.
   *
   * @throws ConfigurationFailure if the run is not finished
   */
  static void publish(Run run, Storage place) {
    if (!run.isComplete()) {
      throw new ConfigurationFailure(
          "run '%s' is not finished; finish it with: run --run-id %s"
              .formatted(run.id(), run.id()));
    }
    if (isPublished(run.directory(), place)) {
      run.reporter().say("published already: " + place.path(CURRENT));
      return;
    }
    new Pointer(place, CURRENT).turnTo(run.directory());
    run.reporter().say("published: %s is %s".formatted(place.path(CURRENT), run.directory()));
  }

  /**
   * Deletes finished runs beside this one but for the newest, the one that is published and those
   * that somebody works on.
   *
   * @param keep how many of the newest stay
   */
  static void clear(Run run, Storage place, int keep) {
    Storage runs = run.output();
    // Whatever was being deleted when a process was killed.
    runs.clearLeftovers();
    List<String> newestFirst =
        runs.names().stream()
            .filter(name -> !name.equals(CURRENT) && runs.in(name).has(Run.SUCCESS))
            .sorted(Comparator.comparing(name -> -runs.in(name).modified(Run.SUCCESS)))
            .toList();
    newestFirst.stream()
        .skip(keep)
        .map(name -> new Run(name, runs, runs.in(name), run.settings(), run.reporter()))
        .filter(old -> !old.id().equals(run.id()))
        .forEach(old -> delete(old, place));
  }

  private static void delete(Run old, Storage place) {
    RunLock lock;
    try {
      lock = RunLock.take(old, () -> {});
    } catch (ConfigurationFailure busy) {
      old.reporter().warn("not cleared away: " + busy.getMessage());
      return;
    }
    try {
      if (!isPublished(old.directory(), place)) {
        old.output().deleteDirectory(old.id());
        old.reporter().say("cleared away: " + old.directory());
      }
    } finally {
      lock.release();
    }
  }

  private static boolean isPublished(Storage run, Storage place) {
    return new Pointer(place, CURRENT).target().filter(run.toString()::equals).isPresent();
  }
}
