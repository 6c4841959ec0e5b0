package org.sparkvae.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that name a run to start or to resume, and its settings file. */
final class NewRunOptions extends OutputOptions {
  @Option(
      names = "--run-id",
      paramLabel = "ID",
      order = 0,
      description =
          "Name of the run. The same name resumes the same run (default: the current time and six"
              + " random digits).")
  Optional<String> runId;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      order = 2,
      description =
          "YAML file of settings, such as conf/model2.yaml (default: none, which trains Model 1).")
  Optional<String> config;
}
