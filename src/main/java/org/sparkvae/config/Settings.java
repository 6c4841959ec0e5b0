package org.sparkvae.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.sparkvae.exception.ConfigurationException;

/**
 * Everything that decides what a run computes. The property names are those of the configuration
 * file, of the command line ({@code --batch-size}) and of the environment ({@code
 * SPARKVAE_BATCH_SIZE}).
 *
 * @param latentChannels latent channels per image row, even, 4096 at most: 256 in the report's
 *     Model 1, 16 in Model 2
 * @param dropout probability of dropping an activation after each decoder block, in [0, 1)
 * @param lambda λ, the weight of the regularisation term, 0 or more
 * @param klWarmupEpochs epochs over which λ rises to its value, from 0 in the first (Sønderby et
 *     al., 2016, section 2.2); 0 for none
 * @param learningRate of Adam, over 0
 * @param learningRateDecay factor by which the learning rate changes after each epoch, in (0, 1]
 * @param batchSize images per minibatch
 * @param epochs passes over the training images
 * @param trainer how to train
 * @param workers executors that train, or 0 for all there are (one, in {@code local[*]})
 * @param limit first so many images of each split, or 0 for all
 * @param seed decides shuffling, initial weights, noise and grids
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

  /** Of which a model with Adam's state has 170 MB. */
  private static final int LARGEST_LATENT_SIZE = 4096;

  /** The report's Model 1. */
  public static final Settings DEFAULTS =
      new Settings(256, 0.01, 0.5, 0, 0.001, 1, 100, 50, TrainerKind.SHARED, 0, 0, 42);

  /**
   * Checks every value.
   *
   * @throws ConfigurationException if a value is out of its range, naming it
   */
  public Settings {
    require(
        latentChannels > 0 && latentChannels % 2 == 0 && latentChannels <= LARGEST_LATENT_SIZE,
        "latent-channels",
        latentChannels,
        "an even number of 2 to " + LARGEST_LATENT_SIZE);
    require(dropout >= 0 && dropout < 1, "dropout", dropout, "at least 0 and under 1");
    require(lambda >= 0 && Double.isFinite(lambda), "lambda", lambda, "0 or more");
    require(klWarmupEpochs >= 0, "kl-warmup-epochs", klWarmupEpochs, "0 (none) or more");
    require(
        learningRate > 0 && Double.isFinite(learningRate), "learning-rate", learningRate, "over 0");
    require(
        learningRateDecay > 0 && learningRateDecay <= 1,
        "learning-rate-decay",
        learningRateDecay,
        "over 0 and at most 1");
    require(batchSize > 0, "batch-size", batchSize, "1 or more");
    require(epochs > 0, "epochs", epochs, "1 or more");
    require(trainer != null, "trainer", trainer, "shared, averaging or local");
    require(workers >= 0, "workers", workers, "0 (all) or more");
    require(limit >= 0, "limit", limit, "0 (no limit) or more");
  }

  private static void require(boolean holds, String name, Object value, String expectation) {
    if (!holds) {
      throw new ConfigurationException(
          "%s: must be %s, not %s".formatted(name, expectation, value));
    }
  }
}
