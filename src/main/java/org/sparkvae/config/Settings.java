package org.sparkvae.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.sparkvae.exception.ConfigurationException;

/**
 * The settings that decide what a run computes. The property names are those of the configuration
 * file, of the command line ({@code --batch-size}) and of the environment ({@code
 * SPARKVAE_BATCH_SIZE}).
 *
 * @param latentChannels latent channels L per image row, even, at most 4096; 256 in the reference
 *     report's Model 1, 16 in its Model 2
 * @param dropout probability in [0, 1) of dropping an activation after each decoder block
 * @param lambda λ, the weight of the regularization term, at least 0
 * @param klWarmupEpochs epochs over which λ rises linearly from 0 to its value (KL warm-up:
 *     Sønderby et al., 2016, section 2.2); 0 turns it off
 * @param learningRate learning rate of Adam in the first epoch, above 0
 * @param learningRateDecay factor in (0, 1] that multiplies the learning rate after each epoch
 * @param batchSize images per minibatch
 * @param epochs passes over the training images
 * @param trainer the training algorithm
 * @param workers required number of executors, one worker on each; 0 accepts any number. A {@code
 *     local[*]} session has one
 * @param limit number of images of each split, counted from its first; 0 uses all
 * @param seed seed of shuffling, initial weights, noise and image grids
 */
@JsonPropertyOrder({
  "latent-channels",
  "dropout",
  "lambda",
  "kl-warmup-epochs",
  "learning-rate",
  "learning-rate-decay",
  "batch-size",
  "epochs",
  "trainer",
  "workers",
  "limit",
  "seed"
})
public record Settings(
    @JsonProperty("latent-channels") int latentChannels,
    @JsonProperty("dropout") double dropout,
    @JsonProperty("lambda") double lambda,
    @JsonProperty("kl-warmup-epochs") int klWarmupEpochs,
    @JsonProperty("learning-rate") double learningRate,
    @JsonProperty("learning-rate-decay") double learningRateDecay,
    @JsonProperty("batch-size") int batchSize,
    @JsonProperty("epochs") int epochs,
    @JsonProperty("trainer") TrainerKind trainer,
    @JsonProperty("workers") int workers,
    @JsonProperty("limit") int limit,
    @JsonProperty("seed") long seed) {

  /** The largest number of latent channels; the model and Adam's state then take 170 MB. */
  private static final int MAX_LATENT_CHANNELS = 4096;

  /** The settings of the reference report's Model 1. */
  public static final Settings DEFAULTS =
      new Settings(256, 0.01, 0.5, 0, 0.001, 1, 100, 50, TrainerKind.SHARED, 0, 0, 42);

  /**
   * Validates every value.
   *
   * @throws ConfigurationException if a value is out of range; the message names it
   */
  public Settings {
    require(
        latentChannels > 0 && latentChannels % 2 == 0 && latentChannels <= MAX_LATENT_CHANNELS,
        "latent-channels",
        latentChannels,
        "an even number from 2 to " + MAX_LATENT_CHANNELS);
    require(dropout >= 0 && dropout < 1, "dropout", dropout, "a number in [0, 1)");
    require(lambda >= 0 && Double.isFinite(lambda), "lambda", lambda, "a number of 0 or more");
    require(klWarmupEpochs >= 0, "kl-warmup-epochs", klWarmupEpochs, "a whole number of 0 or more");
    require(
        learningRate > 0 && Double.isFinite(learningRate),
        "learning-rate",
        learningRate,
        "a number above 0");
    require(
        learningRateDecay > 0 && learningRateDecay <= 1,
        "learning-rate-decay",
        learningRateDecay,
        "a number in (0, 1]");
    require(batchSize > 0, "batch-size", batchSize, "a whole number of 1 or more");
    require(epochs > 0, "epochs", epochs, "a whole number of 1 or more");
    require(trainer != null, "trainer", trainer, "shared, averaging or local");
    require(workers >= 0, "workers", workers, "0 (all) or a positive number");
    require(limit >= 0, "limit", limit, "0 (all) or a positive number");
  }

  private static void require(boolean valid, String name, Object value, String expected) {
    if (!valid) {
      throw new ConfigurationException(
          "%s: expected %s, found %s.".formatted(name, expected, value));
    }
  }
}
