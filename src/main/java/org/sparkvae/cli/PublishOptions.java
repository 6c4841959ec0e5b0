package org.sparkvae.cli;

import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The option that limits the number of finished runs. */
class PublishOptions implements OptionSection {
  @Override
  public String heading() {
    return "Publishing";
  }

  @Option(
      names = "--keep",
      paramLabel = "N",
      order = 1,
      description =
          "After publishing, keep the newest N finished runs and the published one, and delete the"
              + " other finished runs (default: keep all).")
  private Integer keep;

  /** Returns the number of finished runs to keep; empty keeps all. */
  final OptionalInt keep() {
    return keep == null ? OptionalInt.empty() : OptionalInt.of(keep);
  }
}
