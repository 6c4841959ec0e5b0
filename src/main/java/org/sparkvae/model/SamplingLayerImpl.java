package org.sparkvae.model;

import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.sparkvae.model.cpu.PosteriorKernel;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;

/** The implementation of {@link SamplingLayer}. Its vertex calls {@link #sample}. */
public final class SamplingLayerImpl extends AbstractLayer<SamplingLayer> {
  /** Number of inputs: mean, log-variance and noise key. */
  static final int INPUTS = 3;

  private transient PosteriorKernel kernel;
  private transient INDArray noise;
  private transient double[] klNatsPerImage = {};
  private transient long elements;
  private transient Runnable decoderGradientsListener = () -> {};

  SamplingLayerImpl(NeuralNetConfiguration configuration, DataType precision) {
    super(configuration, precision);
  }

  /**
   * Returns the KL divergence of the posterior from N(0, I) for each image of the last minibatch,
   * in nats per image: ½ Σ(μ² + σ² − 1 − log σ²) (Kingma and Welling, 2013, appendix B).
   */
  public double[] klNatsPerImage() {
    return klNatsPerImage.clone();
  }

  /** Returns the number of images in the last minibatch. */
  public int minibatchSize() {
    return klNatsPerImage.length;
  }

  /**
   * Returns the reference's regularization term of the last minibatch, in nats per latent element.
   * It uses the final value of λ even during the KL warm-up.
   */
  public double regularizationTerm() {
    double sum = 0;
    for (double kl : klNatsPerImage) {
      sum += kl;
    }
    return klNatsPerImage.length == 0 ? 0 : sum / klNatsPerImage.length * finalKlWeight();
  }

  /** Returns the part of the regularization term that is in the score of this epoch. */
  @Override
  public double calcRegularizationScore(boolean backpropOnlyParameters) {
    return regularizationTerm() * klWeightFraction();
  }

  /** Sets what is called in each backward pass as soon as the decoder's gradients are complete. */
  public void setDecoderGradientsListener(Runnable listener) {
    decoderGradientsListener = listener;
  }

  /**
   * Samples z = μ + σ·ε.
   *
   * @param mean μ, {@code [minibatch, L, rows]}
   * @param logVariance log σ², {@code [minibatch, L, rows]}
   * @param noiseKey keys of ε, {@code [minibatch, 1, rows]}
   * @return z, {@code [minibatch, L, rows, 1]}: images of one column for the decoder
   */
  INDArray sample(
      INDArray mean, INDArray logVariance, INDArray noiseKey, LayerWorkspaceMgr workspaces) {
    elements = mean.length() / mean.size(0);
    long[] keys = keys(noiseKey);
    if (usesCpuBackend()) {
      klNatsPerImage = new double[keys.length];
      return kernel().sample(mean, logVariance, keys, klNatsPerImage, workspaces);
    }
    INDArray deviation = Transforms.exp(logVariance.mul(0.5), false);
    klNatsPerImage =
        mean.mul(mean)
            .addi(deviation.mul(deviation))
            .subi(logVariance)
            .subi(1)
            .sum(1, 2)
            .muli(0.5)
            .toDoubleVector();
    noise = noise(keys, mean.shape());
    INDArray z = deviation.muli(noise).addi(mean);
    return workspaces.dup(
        ArrayType.ACTIVATIONS, z.reshape('c', z.size(0), z.size(1), z.size(2), 1), 'c');
  }

  /**
   * Returns the gradients of the mean and of the log-variance, and null for the noise key.
   *
   * @param gradientOfZ gradient of z, {@code [minibatch, L, rows, 1]}
   */
  INDArray[] backward(
      INDArray mean, INDArray logVariance, INDArray gradientOfZ, LayerWorkspaceMgr workspaces) {
    decoderGradientsListener.run();
    if (usesCpuBackend()) {
      INDArray[] gradients = kernel().backward(mean, gradientOfZ, klWeight(), workspaces);
      return new INDArray[] {gradients[0], gradients[1], null};
    }
    INDArray gradient = gradientOfZ.dup('c').reshape('c', mean.shape()).castTo(dataType);
    INDArray deviation = Transforms.exp(logVariance.mul(0.5), false);
    // ∂KL/∂μ = μ and ∂KL/∂log σ² = ½(σ² − 1). Deeplearning4j divides by the minibatch size later.
    INDArray meanGradient = mean.mul(klWeight()).addi(gradient);
    INDArray logVarianceGradient =
        gradient
            .muli(noise)
            .muli(deviation)
            .muli(0.5)
            .addi(deviation.muli(deviation).subi(1).muli(0.5 * klWeight()));
    return new INDArray[] {
      workspaces.dup(ArrayType.ACTIVATION_GRAD, meanGradient, 'c'),
      workspaces.dup(ArrayType.ACTIVATION_GRAD, logVarianceGradient, 'c'),
      null
    };
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    throw new UnsupportedOperationException(
        "SamplingLayerImpl: sampling has three inputs. Call sample instead of activate.");
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    throw new UnsupportedOperationException(
        "SamplingLayerImpl: sampling has three inputs. Call backward instead of backpropGradient.");
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {
    // The layer has no parameters.
  }

  /** Returns the weight in the score of one nat of an image's KL divergence, in this epoch. */
  private double klWeight() {
    return finalKlWeight() * klWeightFraction();
  }

  /** Returns the weight after the KL warm-up. */
  private double finalKlWeight() {
    return 2 * layerConf().getLambda() / elements;
  }

  /** Returns the fraction of λ that applies in this epoch, in [0, 1]. */
  private double klWeightFraction() {
    int klWarmupEpochs = layerConf().getWarmUp();
    return getEpochCount() < klWarmupEpochs ? (double) getEpochCount() / klWarmupEpochs : 1;
  }

  private boolean usesCpuBackend() {
    return layerConf().getLayers() == LayerBackend.CPU;
  }

  private PosteriorKernel kernel() {
    if (kernel == null) {
      kernel = new PosteriorKernel();
    }
    return kernel;
  }

  /** Returns the {@link NoiseKey} of each image. */
  static long[] keys(INDArray noiseKey) {
    long[] keys = new long[(int) noiseKey.size(0)];
    for (int image = 0; image < keys.length; image++) {
      keys[image] =
          NoiseKey.decode(noiseKey.getDouble(image, 0, 0), noiseKey.getDouble(image, 0, 1));
    }
    return keys;
  }

  private INDArray noise(long[] keys, long[] shape) {
    int count = (int) (shape[1] * shape[2]);
    float[] values = new float[keys.length * count];
    IntStream.range(0, keys.length)
        .parallel()
        .forEach(image -> GaussianNoise.fill(keys[image], count, values, image * count));
    return Nd4j.createFromArray(values)
        .reshape('c', shape[0], shape[2], shape[1])
        .permute(0, 2, 1)
        .castTo(dataType)
        .detach();
  }
}
