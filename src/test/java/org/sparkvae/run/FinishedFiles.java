package org.sparkvae.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What tells a finished run, without anything in it. */
final class FinishedFiles {
  private FinishedFiles() {}

  /** Makes them in a run's directory, and returns {@code _SUCCESS}. */
  static Path make(Path run) throws IOException {
    for (String directory : List.of("reconstructions", "figures")) {
      Files.createDirectory(run.resolve(directory));
    }
    for (String file : List.of("history.csv", "model.zip", "evaluation.json", "report.html")) {
      Files.createFile(run.resolve(file));
    }
    for (String figure : FigureStage.ALWAYS) {
      Files.createFile(run.resolve("figures").resolve(figure));
    }
    return Files.createFile(run.resolve("_SUCCESS"));
  }
}
