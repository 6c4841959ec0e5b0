package org.sparkvae.run;

import java.util.Comparator;
import java.util.List;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.storage.CurrentLink;
import org.sparkvae.storage.Storage;

/** The stage that points the {@code current} link to a complete run and deletes older runs. */
final class PublishStage {
  /** The name of the link to the published run. */
  static final String CURRENT = "current";

  /** The file in a run that lists every directory in which it was published, one per line. */
  private static final String PUBLISHED_IN = "_published";

  private PublishStage() {}

  /**
   * Requires that a run is complete.
   *
   * @throws ConfigurationException if it is not complete or does not exist
   */
  static void requireComplete(Run run) {
    run.requireExists();
    if (!run.isComplete()) {
      throw new ConfigurationException(
          "Run '%s' in %s is not complete. Complete it with: %s"
              .formatted(run.id(), run.output(), run.commandLine("run")));
    }
  }

  /**
   * Points {@code current} to a run atomically.
   *
   * @param linkDirectory the directory of the link
   * @throws ConfigurationException if the run is not complete
   */
  static void publish(Run run, Storage linkDirectory) {
    requireComplete(run);
    CurrentLink current = new CurrentLink(linkDirectory, CURRENT);
    if (current.pointsTo(run.directory())) {
      run.reporter().info("already published: " + linkDirectory.path(CURRENT));
      return;
    }
    // The run records the link's directory first, so that no published run lacks the entry.
    if (!publishedIn(run).contains(linkDirectory.toString())) {
      run.directory()
          .writeText(
              PUBLISHED_IN,
              run.directory().exists(PUBLISHED_IN)
                  ? run.directory().readText(PUBLISHED_IN) + linkDirectory + "\n"
                  : linkDirectory + "\n");
    }
    current.setTarget(run.directory());
    run.reporter()
        .info("published: %s -> %s".formatted(linkDirectory.path(CURRENT), run.directory()));
  }

  /**
   * Deletes complete runs in the output directory of a run. It keeps the newest runs, this run,
   * published runs and locked runs. Directories that are not runs of this program are left alone.
   *
   * @param keep number of newest complete runs to keep
   */
  static void deleteOldRuns(Run run, int keep) {
    Storage runs = run.output();
    // An earlier process can have been killed while deleting a run.
    runs.deleteTemporaryFiles();
    runs.listDirectories().stream()
        .filter(name -> !runs.isSymbolicLink(name))
        .map(name -> new Run(name, runs, runs.child(name), run.settings(), run.reporter()))
        .filter(PublishStage::isCompleteRun)
        .sorted(
            Comparator.comparing(
                candidate -> -candidate.directory().lastModifiedMillis(Run.SUCCESS)))
        .skip(keep)
        .filter(old -> !old.id().equals(run.id()))
        .forEach(PublishStage::delete);
  }

  /** Returns whether a directory is a complete run. Other programs write {@code _SUCCESS} too. */
  private static boolean isCompleteRun(Run run) {
    try {
      return run.isComplete()
          && run.directory().exists(Run.CONFIGURATION)
          && run.directory().exists(Run.PROVENANCE)
          && Provenance.read(run).path("run_id").asText().equals(run.id());
    } catch (InputDataException | TransientException damagedOrForbidden) {
      run.reporter().warn("not deleted: " + damagedOrForbidden.getMessage());
      return false;
    }
  }

  private static void delete(Run run) {
    RunLock lock;
    try {
      lock = RunLock.acquire(run, () -> {});
    } catch (ConfigurationException locked) {
      run.reporter().warn("not deleted: " + locked.getMessage());
      return;
    }
    try {
      if (!isPublished(run)) {
        run.output().deleteDirectory(run.id());
        run.reporter().info("deleted: " + run.directory());
      }
    } finally {
      lock.release();
    }
  }

  private static boolean isPublished(Run run) {
    return publishedIn(run).stream()
        .anyMatch(
            linkDirectory ->
                new CurrentLink(Storage.at(linkDirectory), CURRENT).pointsTo(run.directory()));
  }

  private static List<String> publishedIn(Run run) {
    return run.directory().exists(PUBLISHED_IN)
        ? run.directory().readText(PUBLISHED_IN).lines().toList()
        : List.of();
  }
}
