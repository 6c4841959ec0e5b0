package org.sparkvae.cli;

import org.sparkvae.config.TrainerKind;
import picocli.CommandLine.Option;

/** The settings that define the training. */
final class TrainingOptions implements OptionSection {
  @Override
  public String heading() {
    return "Training";
  }

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training images (default: 50).")
  Integer epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Images per minibatch (default: 100).")
  Integer batchSize;

  @Option(
      names = "--lambda",
      paramLabel = "X",
      description =
          "Weight of the regularization term in the loss. At 0.5 the term is the KL divergence per"
              + " latent element (default: 0.5).")
  Double lambda;

  @Option(
      names = "--kl-warmup-epochs",
      paramLabel = "N",
      description =
          "KL warm-up: epochs over which lambda rises from 0 to its value. Reported losses use"
              + " the full lambda (default: 0).")
  Integer klWarmupEpochs;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "Learning rate of Adam in the first epoch (default: 0.001).")
  Double learningRate;

  @Option(
      names = "--learning-rate-decay",
      paramLabel = "X",
      description =
          "Factor in (0, 1] that multiplies the learning rate after each epoch (default: 1.0).")
  Double learningRateDecay;

  @Option(
      names = "--trainer",
      paramLabel = "KIND",
      description =
          "shared: DL4J's parameter server, asynchronous; averaging: parameter averaging,"
              + " synchronous; local: one JVM (default: shared).")
  TrainerKind trainer;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Required number of executors, one worker on each; 0 accepts any number (default: 0).")
  Integer workers;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of shuffling, initial weights, noise and the choice of images in figures (default: 42).")
  Long seed;
}
