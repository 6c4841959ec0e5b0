package org.sparkvae.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** A finished run of Model 1 on 300 images, created once and shared by all tests that read one. */
public final class FinishedRun {
  public static final String ID = "model1";
  public static final int IMAGES = 300;

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

  private static Path runs;

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
      "--trainer",
      "local"
    };
  }

  /** Copies the run into a directory of runs and returns the copy. */
  public static synchronized Path copyTo(Path directory) throws Exception {
    if (runs == null) {
      Path fresh = Files.createTempDirectory("spark-vae-it");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(fresh)));
      SparkVaeProcess.run(fresh, command(fresh.resolve("runs"))).assertExitCode(0);
      runs = fresh.resolve("runs");
    }
    FileUtils.copyDirectory(runs.resolve(ID).toFile(), directory.resolve(ID).toFile());
    return directory.resolve(ID);
  }

  private static void delete(Path directory) {
    try {
      FileUtils.deleteDirectory(directory.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
