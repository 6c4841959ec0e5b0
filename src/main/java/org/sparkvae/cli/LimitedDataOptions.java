package org.sparkvae.cli;

import picocli.CommandLine.Option;

/** The options that name the images and their number. */
final class LimitedDataOptions extends DataOptions {
  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Use only the first N images of each split; 0 uses all (default: 0).")
  Integer limit;
}
