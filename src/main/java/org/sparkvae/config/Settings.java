package org.sparkvae.config;

import static org.sparkvae.config.Setting.Section.DATA;
import static org.sparkvae.config.Setting.Section.MODEL;

/**
 * The settings that decide what a run computes. {@link SettingsReader} creates and validates them.
 *
 * <p>The name of a component in kebab case is the key in the configuration file and the option on
 * the command line ({@code --batch-size}); the environment variable is {@code SPARKVAE_BATCH_SIZE}.
 *
 * <p>Model 1 of the reference report has 256 latent channels per image row, its Model 2 has 16.
 * With the largest number, the model and Adam's state take 170 MB. KL warm-up: Sønderby et al.,
 * 2016, section 2.2. Parameters have single precision, in which a learning rate outside its range
 * would be 0 or infinite.
 */
public record Settings(
    @Setting(
            section = MODEL,
            defaultValue = "256",
            range = "[2, 4096]",
            even = true,
            description = "Latent channels per image row, an even number up to 4096.")
        int latentChannels,
    @Setting(
            section = MODEL,
            label = "P",
            defaultValue = "0.01",
            range = "[0, 1)",
            description =
                "Probability in [0, 1) of dropping an activation after each decoder block.")
        double dropout,
    @Setting(
            defaultValue = "50",
            range = "[1, ∞)",
            description = "Passes over the training images.")
        int epochs,
    @Setting(
            defaultValue = "100",
            range = "[1, ∞)",
            description = "Images per minibatch, at most all training images.")
        int batchSize,
    @Setting(
            label = "X",
            defaultValue = "0.5",
            range = "[0, ∞)",
            description =
                "Weight of the regularization term in the loss. At 0.5 the term is the KL"
                    + " divergence per latent element.")
        double lambda,
    @Setting(
            defaultValue = "0",
            range = "[0, ∞)",
            description =
                "KL warm-up: epochs over which lambda rises from 0 to its value. Reported losses"
                    + " use the full lambda.")
        int klWarmupEpochs,
    @Setting(
            label = "X",
            defaultValue = "0.001",
            range = "[1e-30, 1e30]",
            description = "Learning rate of Adam in the first epoch.")
        double learningRate,
    @Setting(
            label = "X",
            defaultValue = "1.0",
            range = "(0, 1]",
            description = "Factor in (0, 1] that multiplies the learning rate after each epoch.")
        double learningRateDecay,
    @Setting(
            section = MODEL,
            label = "FORMAT",
            defaultValue = "float32",
            description = Precision.DESCRIPTION)
        Precision precision,
    @Setting(label = "KIND", defaultValue = "shared", description = TrainerKind.DESCRIPTION)
        TrainerKind trainer,
    @Setting(
            defaultValue = "0",
            range = "[0, ∞)",
            zeroMeansAll = true,
            description = "Required number of executors, one worker on each; 0 accepts any number.")
        int workers,
    @Setting(
            section = DATA,
            defaultValue = "0",
            range = "[0, ∞)",
            zeroMeansAll = true,
            description = "Use only the first N images of each split; 0 uses all.")
        int limit,
    @Setting(
            defaultValue = "42",
            description =
                "Seed of shuffling, initial weights, noise and the choice of images in figures.")
        long seed) {

  /** The settings of the reference report's Model 1. */
  public static final Settings DEFAULTS = new SettingsReader().settings();

  /**
   * Returns the number of images in a minibatch. As in PyTorch, a batch size that exceeds the
   * number of images means all of them.
   *
   * @param images the number of training images
   */
  public int minibatchSize(int images) {
    return Math.min(batchSize, images);
  }
}
