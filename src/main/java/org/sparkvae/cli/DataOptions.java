package org.sparkvae.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names the images. */
final class DataOptions implements OptionSection {
  @Override
  public String heading() {
    return "Data";
  }

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Directory or URI (hdfs://…, s3a://…) with the four IDX files of a data set, plain or"
              + " gzipped (default: MNIST, fetched once and cached).")
  Optional<String> data;
}
