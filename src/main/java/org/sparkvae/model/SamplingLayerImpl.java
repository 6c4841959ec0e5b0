package org.sparkvae.model;

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

/** The running side of {@link SamplingLayer}, called by its vertex. */
public final class SamplingLayerImpl extends AbstractLayer<SamplingLayer> {
  private static final long serialVersionUID = 1L;

  /** Mean, log-variance and noise key. */
  static final int INPUTS = 3;

  private transient PosteriorKernel kernel;
  private transient INDArray noise;
  private transient double[] klNatsPerImage = {};
  private transient long elements;

  SamplingLayerImpl(NeuralNetConfiguration configuration, DataType precision) {
    super(configuration, precision);
  }

  /**
   * KL divergence of the posterior from N(0, I) for each image of the minibatch last seen, in nats
   * per image: ½ Σ(μ² + σ² − 1 − log σ²) (Kingma and Welling, 2013, appendix B).
   */
  public double[] klNatsPerImage() {
    return klNatsPerImage.clone();
  }

  /** Images in the minibatch last seen. */
  public int minibatchSize() {
    return klNatsPerImage.length;
  }

  /**
   * The report's regularisation term of the minibatch last seen, in nats per latent element: with
   * λ's own value while it still rises, too.
   */
  public double regularisationTerm() {
    double sum = 0;
    for (double kl : klNatsPerImage) {
      sum += kl;
    }
    return klNatsPerImage.length == 0 ? 0 : sum / klNatsPerImage.length * fullWeight();
  }

  /** What of it was in the score. */
  @Override
  public double calcRegularizationScore(boolean backpropOnlyParameters) {
    return regularisationTerm() * klWeightFraction();
  }

  /**
   * Draws z.
   *
   * @param mean {@code [minibatch, L, 28]}
   * @param logVariance likewise
   * @param noiseKey {@code [minibatch, 1, 28]}
   * @return {@code [minibatch, L, 28, 1]}, images of one column for the decoder
   */
  INDArray sample(
      INDArray mean, INDArray logVariance, INDArray noiseKey, LayerWorkspaceMgr workspaces) {
    elements = mean.length() / mean.size(0);
    long[] keys = keys(noiseKey);
    if (onCpu()) {
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

  /** Gradients of the mean and of the log-variance; of the noise key there is none. */
  INDArray[] backward(
      INDArray mean, INDArray logVariance, INDArray gradientOfZ, LayerWorkspaceMgr workspaces) {
    if (onCpu()) {
      INDArray[] gradients = kernel().backward(mean, gradientOfZ, weight(), workspaces);
      return new INDArray[] {gradients[0], gradients[1], null};
    }
    INDArray gradient = gradientOfZ.dup('c').reshape('c', mean.shape()).castTo(dataType);
    INDArray deviation = Transforms.exp(logVariance.mul(0.5), false);
    // d KL / d μ = μ and d KL / d log σ² = ½(σ² − 1); Deeplearning4j itself divides by the
    // minibatch.
    INDArray ofMean = mean.mul(weight()).addi(gradient);
    INDArray ofLogVariance =
        gradient
            .muli(noise)
            .muli(deviation)
            .muli(0.5)
            .addi(deviation.muli(deviation).subi(1).muli(0.5 * weight()));
    return new INDArray[] {
      workspaces.dup(ArrayType.ACTIVATION_GRAD, ofMean, 'c'),
      workspaces.dup(ArrayType.ACTIVATION_GRAD, ofLogVariance, 'c'),
      null
    };
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    throw new UnsupportedOperationException("sampling has three inputs; its vertex calls sample");
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    throw new UnsupportedOperationException("sampling has three inputs; its vertex calls backward");
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {
    // There are none.
  }

  /** What one nat of an image's KL divergence adds to the score in this epoch. */
  private double weight() {
    return fullWeight() * klWeightFraction();
  }

  private double fullWeight() {
    return 2 * layerConf().getLambda() / elements;
  }

  /** The share of λ that this epoch has. */
  private double klWeightFraction() {
    int klWarmupEpochs = layerConf().getWarmUp();
    return getEpochCount() < klWarmupEpochs ? (double) getEpochCount() / klWarmupEpochs : 1;
  }

  private boolean onCpu() {
    return layerConf().getLayers() == LayerBackend.CPU;
  }

  private PosteriorKernel kernel() {
    if (kernel == null) {
      kernel = new PosteriorKernel();
    }
    return kernel;
  }

  private static long[] keys(INDArray noiseKey) {
    long[] keys = new long[(int) noiseKey.size(0)];
    for (int image = 0; image < keys.length; image++) {
      keys[image] =
          NoiseKey.decode(noiseKey.getDouble(image, 0, 0), noiseKey.getDouble(image, 0, 1));
    }
    return keys;
  }

  private INDArray noise(long[] keys, long[] shape) {
    int count = (int) (shape[1] * shape[2]);
    float[] all = new float[keys.length * count];
    for (int image = 0; image < keys.length; image++) {
      GaussianNoise.fill(keys[image], count, all, image * count);
    }
    return Nd4j.createFromArray(all)
        .reshape('c', shape[0], shape[2], shape[1])
        .permute(0, 2, 1)
        .castTo(dataType)
        .detach();
  }
}
