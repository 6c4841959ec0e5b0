package org.sparkvae.run;

import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.storage.CurrentLink;
import org.sparkvae.storage.Storage;

/** Points a stable place at a finished run, and clears away older ones. */
final class PublishStage {
  /** What the place calls the run that is published. */
  static final String CURRENT = "current";

  /** In a run: every place that it was ever published in, one a line. */
  private static final String PLACES = "_published";

  private PublishStage() {}

  /**
   * Makes sure that a run is finished.
   *
   * @throws ConfigurationException if it is not
   */
  static void require(Run run) {
    run.requireBegun();
    if (!run.isComplete()) {
      throw new ConfigurationException(
          "run '%s' is not finished; finish it with: run --run-id %s"
              .formatted(run.id(), run.id()));
    }
  }

  /**
   * Points {@code current} at a run, in one step.
   *
   * @throws ConfigurationException if the run is not finished
   */
  static void publish(Run run, Storage place) {
    require(run);
    CurrentLink current = new CurrentLink(place, CURRENT);
    if (current.standsFor(run.directory())) {
      run.reporter().say("published already: " + place.path(CURRENT));
      return;
    }
    // First, so that no run is ever published that does not say so.
    if (!placesOf(run).contains(place.toString())) {
      run.directory()
          .writeText(
              PLACES,
              run.directory().has(PLACES)
                  ? run.directory().readText(PLACES) + place + "\n"
                  : place + "\n");
    }
    current.turnTo(run.directory());
    run.reporter().say("published: %s is %s".formatted(place.path(CURRENT), run.directory()));
  }

  /**
   * Deletes finished runs beside this one but for the newest, those that are published somewhere
   * and those that somebody works on. What is not a run of this program's is left alone.
   *
   * @param keep how many of the newest stay
   */
  static void clear(Run run, int keep) {
    Storage runs = run.output();
    // Whatever was being deleted when a process was killed.
    runs.clearLeftovers();
    runs.directories().stream()
        .filter(name -> !runs.isLink(name))
        .map(name -> new Run(name, runs, runs.in(name), run.settings(), run.reporter()))
        .filter(PublishStage::isFinishedRun)
        .sorted(Comparator.comparing(each -> -each.directory().modified(Run.SUCCESS)))
        .skip(keep)
        .filter(old -> !old.id().equals(run.id()))
        .forEach(PublishStage::delete);
  }

  /** Others write {@code _SUCCESS} too. */
  private static boolean isFinishedRun(Run each) {
    try {
      return each.isComplete()
          && each.directory().has(Run.CONFIGURATION)
          && each.directory().has(Run.PROVENANCE)
          && Provenance.read(each).path("run_id").asText().equals(each.id());
    } catch (InputDataException | TransientException damagedOrForbidden) {
      each.reporter().warn("not cleared away: " + damagedOrForbidden.getMessage());
      return false;
    }
  }

  private static void delete(Run old) {
    RunLock lock;
    try {
      lock = RunLock.take(old, () -> {});
    } catch (ConfigurationException busy) {
      old.reporter().warn("not cleared away: " + busy.getMessage());
      return;
    }
    try {
      if (!isPublished(old)) {
        old.output().deleteDirectory(old.id());
        old.reporter().say("cleared away: " + old.directory());
      }
    } finally {
      lock.release();
    }
  }

  private static boolean isPublished(Run run) {
    return placesOf(run).stream()
        .anyMatch(
            place ->
                new CurrentLink(Storage.at(place, new Configuration()), CURRENT)
                    .standsFor(run.directory()));
  }

  private static List<String> placesOf(Run run) {
    return run.directory().has(PLACES)
        ? run.directory().readText(PLACES).lines().toList()
        : List.of();
  }
}
