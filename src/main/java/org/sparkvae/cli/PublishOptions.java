package org.sparkvae.cli;

import java.util.OptionalInt;
import org.sparkvae.exception.ConfigurationException;
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
          "After publishing, keep the newest N finished runs and the published ones, and delete"
              + " the other finished runs (default: keep all).")
  private Integer keep;

  /**
   * Returns the number of finished runs to keep; empty keeps all.
   *
   * @throws ConfigurationException if it is below 1
   */
  final OptionalInt keep() {
    if (keep == null) {
      return OptionalInt.empty();
    }
    if (keep < 1) {
      throw new ConfigurationException(
          "--keep: expected a whole number of 1 or more, found %d.".formatted(keep));
    }
    return OptionalInt.of(keep);
  }
}
