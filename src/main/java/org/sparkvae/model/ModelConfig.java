package org.sparkvae.model;

import java.io.Serializable;
import org.sparkvae.config.Settings;

/**
 * The settings in which the models of the reference report differ from each other.
 *
 * @param latentChannels latent channels L per image row: 256 in Model 1, 16 in Model 2
 * @param dropout probability of dropping an activation after the pooling of each decoder block, in
 *     [0, 1); 0 removes the dropout layers
 * @param lambda λ, the weight of the regularization term (see {@link #regularizationTerm})
 * @param klWarmupEpochs number of epochs over which λ rises from 0 to its value; 0 disables the KL
 *     warm-up
 * @param learningRate initial learning rate of Adam
 * @param learningRateDecay factor by which the learning rate is multiplied after each epoch
 * @param seed seed of the initial weights
 */
public record ModelConfig(
    int latentChannels,
    double dropout,
    double lambda,
    int klWarmupEpochs,
    double learningRate,
    double learningRateDecay,
    long seed)
    implements Serializable {

  /** Rows and columns of an image. The LSTM reads one row per time step. */
  public static final int SIDE = 28;

  /** Number of pixels of an image. */
  public static final int PIXELS = SIDE * SIDE;

  /** Creates a configuration without KL warm-up and without learning-rate decay. */
  public ModelConfig(
      int latentChannels, double dropout, double lambda, double learningRate, long seed) {
    this(latentChannels, dropout, lambda, 0, learningRate, 1, seed);
  }

  /** Returns the model configuration of a run's settings. */
  public static ModelConfig of(Settings settings) {
    return new ModelConfig(
        settings.latentChannels(),
        settings.dropout(),
        settings.lambda(),
        settings.klWarmupEpochs(),
        settings.learningRate(),
        settings.learningRateDecay(),
        settings.seed());
  }

  /** Returns the number of elements of an image's latent variable z: 28 rows of L channels. */
  public int latentElements() {
    return latentChannels * SIDE;
  }

  /**
   * Returns the reference's regularization term, −λ · mean(1 + log σ² − μ² − σ²) over the latent
   * elements. For λ = 0.5 its unit is nats per latent element.
   *
   * @param klNatsPerImage KL divergence of the posterior from N(0, I), ½ Σ(μ² + σ² − 1 − log σ²)
   */
  public double regularizationTerm(double klNatsPerImage) {
    return 2 * lambda * klNatsPerImage / latentElements();
  }

  /**
   * Returns the β of the β-VAE (Higgins et al., 2017) whose loss is proportional to the reference's
   * loss. It weights an image's KL divergence if the cross-entropy is summed over the pixels, both
   * in nats per image.
   */
  public double beta() {
    return regularizationTerm(1) * PIXELS;
  }

  /**
   * Returns the output size of a transposed convolution along one dimension by the reference's
   * formula: (input − 1) · stride + kernel − 2 · padding + output padding.
   */
  public static int transposedConvolutionSize(
      int input, int stride, int kernel, int padding, int outputPadding) {
    return (input - 1) * stride + kernel - 2 * padding + outputPadding;
  }
}
