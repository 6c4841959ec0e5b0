package org.sparkvae.model;

import java.io.Serializable;
import org.sparkvae.config.Settings;

/**
 * What distinguishes one model of the report from another; everything else about them is the same.
 *
 * @param latentChannels latent channels L per image row: 256 in Model 1, 16 in Model 2
 * @param dropout probability of dropping an activation after each decoder block's pooling, in [0,
 *     1); 0 leaves the dropout layers out
 * @param lambda λ, the weight of the regularisation term (see {@link #regularisationTerm})
 * @param klWarmupEpochs epochs over which λ rises to its value, from 0; 0 for none
 * @param learningRate of Adam
 * @param learningRateDecay factor by which the learning rate changes after each epoch
 * @param seed decides the initial weights
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

  /** Rows and columns of an image; the LSTM reads a row per time step. */
  public static final int SIDE = 28;

  /** Pixels of an image. */
  public static final int PIXELS = SIDE * SIDE;

  /** A model whose λ and learning rate stay as they are. */
  public ModelConfig(
      int latentChannels, double dropout, double lambda, double learningRate, long seed) {
    this(latentChannels, dropout, lambda, 0, learningRate, 1, seed);
  }

  /** Those of a run's settings that are about the model. */
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

  /** Elements of one image's latent variable z: L channels for each of 28 rows. */
  public int latentElements() {
    return latentChannels * SIDE;
  }

  /**
   * The report's regularisation term, −λ · mean(1 + log σ² − μ² − σ²) over the latent elements, in
   * nats per latent element when λ = 0.5.
   *
   * @param klNatsPerImage the KL divergence of the posterior from N(0, I), ½ Σ(μ² + σ² − 1 − log
   *     σ²)
   */
  public double regularisationTerm(double klNatsPerImage) {
    return 2 * lambda * klNatsPerImage / latentElements();
  }

  /**
   * β of the β-VAE (Higgins et al., 2017) that the report's loss amounts to: the weight of an
   * image's KL divergence when its reconstruction error is summed over the pixels, both in nats per
   * image.
   */
  public double beta() {
    return regularisationTerm(1) * PIXELS;
  }

  /**
   * The report's output-size formula for a transposed convolution along one dimension, (input − 1)
   * · stride + kernel − 2 · padding + output padding.
   */
  public static int transposedConvolutionSize(
      int input, int stride, int kernel, int padding, int outputPadding) {
    return (input - 1) * stride + kernel - 2 * padding + outputPadding;
  }
}
