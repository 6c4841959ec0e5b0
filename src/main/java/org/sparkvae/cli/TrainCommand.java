package org.sparkvae.cli;

import picocli.CommandLine.Command;

/** {@code train}. */
@Command(
    name = "train",
    description = "Trains; goes on from the run's last checkpoint where it has one.",
    sortOptions = false)
final class TrainCommand extends BaseCommand.OnRun {
  @Override
  public void run() {
    stages().train();
  }
}
