package org.sparkvae.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.commons.io.FileUtils;
import org.sparkvae.testing.cluster.Driver;

/**
 * A finished run on 120 images, created once and shared by all tests that read one. It has the
 * settings of Model 1, but 16 latent channels, because reconstruction is faster with them.
 */
public final class FinishedRun {
  public static final String ID = "model1";
  public static final int IMAGES = 120;

  /** The files of a finished run. */
  public static final List<String> FILES =
      List.of(
          "config.yaml",
          "provenance.json",
          "checkpoints",
          "history.csv",
          "model.zip",
          "reconstructions",
          "figures",
          "evaluation.json",
          "report.html",
          "_SUCCESS");

  private static final JobMonitor MONITOR = new JobMonitor();

  private static Path runs;
  private static String output;

  private FinishedRun() {}

  /** Returns the command that creates the run in a directory of runs. */
  public static String[] command(Path runs) {
    return new String[] {
      "run",
      "--run-id",
      ID,
      "--output",
      runs.toString(),
      "--limit",
      String.valueOf(IMAGES),
      "--epochs",
      "4",
      "--latent-channels",
      "16",
      "--trainer",
      "local"
    };
  }

  /** Copies the run into a directory of runs and returns the copy. */
  public static synchronized Path copyTo(Path directory) throws Exception {
    if (runs == null) {
      // Spark and Hadoop treat some of these characters as a pattern.
      Path fresh = Files.createTempDirectory("spark-vae-it[1]*?%41");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(fresh)));
      output = runMonitored(fresh, command(fresh.resolve("runs")));
      runs = fresh.resolve("runs");
    }
    FileUtils.copyDirectory(runs.resolve(ID).toFile(), directory.resolve(ID).toFile());
    return directory.resolve(ID);
  }

  /**
   * Runs a job with umask 000 and records the files that other users could change.
   *
   * @return the job's output
   */
  private static String runMonitored(Path directory, String... command) throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Driver driver = Driver.withUmask000().withTemporaryDirectory(temporary);
    SparkVaeProcess job = SparkVaeProcess.start(directory, driver, command);
    job.awaitEnd(
        Duration.ofMillis(500),
        () -> {
          MONITOR.inspectProcess(job.pid());
          MONITOR.inspectFiles(directory);
        });
    MONITOR.inspectFiles(directory);
    return job.assertExitCode(0).output();
  }

  /** Returns the output of the job that created the run. */
  public static String output() {
    return output;
  }

  /** Returns the files that other users could change while the run was created, or afterwards. */
  public static Set<String> worldWritableFiles() {
    return MONITOR.worldWritable();
  }

  private static void delete(Path directory) {
    try {
      FileUtils.deleteDirectory(directory.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
