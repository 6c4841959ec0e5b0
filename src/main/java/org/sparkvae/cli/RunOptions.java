package org.sparkvae.cli;

import picocli.CommandLine.Option;

/** The options that name an existing run. */
class RunOptions extends OutputOptions {
  @Option(
      names = "--run-id",
      paramLabel = "ID",
      order = 0,
      required = true,
      description = "Name of the run (required).")
  String runId;
}
