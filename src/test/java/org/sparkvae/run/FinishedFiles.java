package org.sparkvae.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Empty files and directories that make a run complete. */
final class FinishedFiles {
  private FinishedFiles() {}

  /** Creates them in a run's directory and returns the path of {@code _SUCCESS}. */
  static Path create(Path run) throws IOException {
    for (String directory : List.of("reconstructions", "figures")) {
      Files.createDirectory(run.resolve(directory));
    }
    for (String file : List.of("history.csv", "model.zip", "evaluation.json", "report.html")) {
      Files.createFile(run.resolve(file));
    }
    for (String figure : FigureStage.REQUIRED) {
      Files.createFile(run.resolve("figures").resolve(figure));
    }
    return Files.createFile(run.resolve("_SUCCESS"));
  }
}
