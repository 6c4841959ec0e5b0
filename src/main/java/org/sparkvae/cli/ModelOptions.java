package org.sparkvae.cli;

import picocli.CommandLine.Option;

/** The settings that define the model. */
final class ModelOptions implements OptionSection {
  @Override
  public String heading() {
    return "Model";
  }

  @Option(
      names = "--latent-channels",
      paramLabel = "N",
      description = "Latent channels per image row, an even number up to 4096 (default: 256).")
  Integer latentChannels;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description =
          "Probability in [0, 1) of dropping an activation after each decoder block (default:"
              + " 0.01).")
  Double dropout;
}
