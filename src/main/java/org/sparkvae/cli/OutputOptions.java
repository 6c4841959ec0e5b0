package org.sparkvae.cli;

import picocli.CommandLine.Option;

/** The option that names the directory of all runs. */
class OutputOptions implements OptionSection {
  @Override
  public String heading() {
    return "Run";
  }

  @Option(
      names = "--output",
      paramLabel = "DIR",
      order = 1,
      defaultValue = "runs",
      description =
          "Directory of all runs, on a disk that all processes share or on HDFS (default: ${DEFAULT-VALUE}).")
  String output;
}
