package org.sparkvae.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The {@code figures} command. */
@Command(
    name = "figures",
    description =
        "Renders the figures: learning curves, originals, reconstructions, generated images and"
            + " interpolations. Skips the figures that exist.",
    footer = {"  submit/sparkvae figures --run-id first"})
final class FiguresCommand extends ExistingRunCommand {
  @Mixin private DataOptions data;

  @Override
  public void run() {
    pipeline(data.data).renderFigures();
  }
}
