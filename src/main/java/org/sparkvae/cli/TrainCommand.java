package org.sparkvae.cli;

import picocli.CommandLine.Command;

/** The {@code train} command. */
@Command(
    name = "train",
    description = "Trains the model. Resumes from the run's last checkpoint.",
    footer = {
      "  submit/sparkvae train --run-id first --epochs 10",
      "  submit/sparkvae train --run-id warm --kl-warmup-epochs 5 --trainer local"
    })
final class TrainCommand extends TrainingCommand {
  @Override
  public void run() {
    pipeline().train();
  }
}
