package org.sparkvae.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.sparkvae.config.Precision;
import org.sparkvae.config.Settings;
import org.sparkvae.image.ImageShape;

/**
 * The settings that determine a model's graph, its initial weights and its training.
 *
 * @param latentChannels latent channels L per image row: 256 in Model 1, 16 in Model 2
 * @param decoderChannels output channels of each decoder block; 1 in the last, because the output
 *     layer maps one channel
 * @param dropout probability of dropping an activation after the pooling of each decoder block, in
 *     [0, 1); 0 removes the dropout layers
 * @param lambda λ, the weight of the regularization term (see {@link #regularizationTerm})
 * @param klWarmupEpochs number of epochs over which λ rises from 0 to its value; 0 disables the KL
 *     warm-up
 * @param learningRate initial learning rate of Adam
 * @param learningRateDecay factor by which the learning rate is multiplied after each epoch
 * @param seed seed of the initial weights
 * @param precision precision of the factors in the products of the decoder's blocks
 */
public record ModelConfig(
    int latentChannels,
    List<Integer> decoderChannels,
    double dropout,
    double lambda,
    int klWarmupEpochs,
    double learningRate,
    double learningRateDecay,
    long seed,
    Precision precision)
    implements Serializable {

  /** The output channels of each decoder block in both models of the reference report. */
  public static final List<Integer> DECODER_CHANNELS = List.of(128, 64, 1);

  /** Copies the list and checks that the decoder's last block has one output channel. */
  public ModelConfig {
    decoderChannels = List.copyOf(decoderChannels);
    if (decoderChannels.isEmpty() || decoderChannels.get(decoderChannels.size() - 1) != 1) {
      throw new IllegalArgumentException(
          "decoderChannels: expected 1 as the last number, found %s.".formatted(decoderChannels));
    }
  }

  /** Creates a configuration in single precision. */
  public ModelConfig(
      int latentChannels,
      List<Integer> decoderChannels,
      double dropout,
      double lambda,
      int klWarmupEpochs,
      double learningRate,
      double learningRateDecay,
      long seed) {
    this(
        latentChannels,
        decoderChannels,
        dropout,
        lambda,
        klWarmupEpochs,
        learningRate,
        learningRateDecay,
        seed,
        Precision.FLOAT32);
  }

  /** Creates a configuration with the default decoder, no KL warm-up and no learning-rate decay. */
  public ModelConfig(
      int latentChannels, double dropout, double lambda, double learningRate, long seed) {
    this(latentChannels, DECODER_CHANNELS, dropout, lambda, 0, learningRate, 1, seed);
  }

  /** Returns the model configuration of a run's settings. */
  public static ModelConfig of(Settings settings) {
    return new ModelConfig(
        settings.latentChannels(),
        DECODER_CHANNELS,
        settings.dropout(),
        settings.lambda(),
        settings.klWarmupEpochs(),
        settings.learningRate(),
        settings.learningRateDecay(),
        settings.seed(),
        settings.precision());
  }

  /** Returns the number of elements of an image's latent variable z: L channels per image row. */
  public int latentElements() {
    return latentChannels * ImageShape.ROWS;
  }

  /** Returns the decoder's blocks, in order. The first one decodes z, an image of one column. */
  public List<DecoderBlockConfig> decoderBlocks() {
    List<DecoderBlockConfig> blocks = new ArrayList<>();
    int channels = latentChannels;
    int columns = 1;
    for (int outChannels : decoderChannels) {
      DecoderBlockConfig block =
          new DecoderBlockConfig(blocks.size() + 1, channels, columns, outChannels);
      blocks.add(block);
      channels = outChannels;
      columns = block.outColumns();
    }
    return blocks;
  }

  /** Returns the number of values from which the output layer computes an image row. */
  int outputLayerInputs() {
    List<DecoderBlockConfig> blocks = decoderBlocks();
    return blocks.get(blocks.size() - 1).outColumns();
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
    return regularizationTerm(1) * ImageShape.PIXELS;
  }
}
