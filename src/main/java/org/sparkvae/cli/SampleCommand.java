package org.sparkvae.cli;

import picocli.CommandLine.Command;

/** {@code sample}. */
@Command(
    name = "sample",
    description =
        "Draws grids of random originals, their reconstructions and draws from the prior, and the learning curves.",
    sortOptions = false)
final class SampleCommand extends Verb.OnRun {
  @Override
  public void run() {
    stagesOfExistingRun().sample();
  }
}
