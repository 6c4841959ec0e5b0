package org.sparkvae.model;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The running side of {@link SamplingLayer}. */
public final class Sampling extends AbstractLayer<SamplingLayer> {
  private static final long serialVersionUID = 1L;

  private transient float[] noise = {};
  private transient double[] klNatsPerImage = {};

  Sampling(NeuralNetConfiguration configuration, DataType precision) {
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

  /** The report's regularisation term of the minibatch last seen, in nats per latent element. */
  @Override
  public double calcRegularizationScore(boolean backpropOnlyParameters) {
    double sum = 0;
    for (double kl : klNatsPerImage) {
      sum += kl;
    }
    return klNatsPerImage.length == 0 ? 0 : sum / klNatsPerImage.length * weight();
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray mean = mean();
    INDArray logVariance = logVariance();
    INDArray deviation = Transforms.exp(logVariance.mul(0.5), false);

    klNatsPerImage =
        mean.mul(mean)
            .addi(deviation.mul(deviation))
            .subi(logVariance)
            .subi(1)
            .sum(1, 2)
            .muli(0.5)
            .toDoubleVector();

    drawNoise();
    INDArray z = deviation.muli(noise()).addi(mean);
    return workspaces.dup(
        ArrayType.ACTIVATIONS, z.reshape('c', minibatch(), latentSize(), steps(), 1), 'c');
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray gradientOfZ =
        epsilon.dup('c').reshape('c', minibatch(), latentSize(), steps()).castTo(dataType);
    INDArray deviation = Transforms.exp(logVariance().mul(0.5), false);

    INDArray gradient = workspaces.create(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    // d KL / d μ = μ and d KL / d log σ² = ½(σ² − 1); Deeplearning4j itself divides by the
    // minibatch.
    gradient
        .get(all(), interval(0, latentSize()), all())
        .assign(mean().mul(weight()).addi(gradientOfZ));
    gradient
        .get(all(), interval(latentSize(), 2L * latentSize()), all())
        .assign(
            gradientOfZ
                .muli(noise())
                .muli(deviation)
                .muli(0.5)
                .addi(deviation.muli(deviation).subi(1).muli(0.5 * weight())));
    return Pair.of(new DefaultGradient(), gradient);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {
    // There are none.
  }

  /** What one nat of an image's KL divergence adds to the score. */
  private double weight() {
    return 2 * layerConf().getLambda() / ((double) latentSize() * Architecture.SIDE);
  }

  private void drawNoise() {
    int elements = latentSize() * steps();
    if (noise == null || noise.length != minibatch() * elements) {
      noise = new float[minibatch() * elements];
    }
    for (int image = 0; image < minibatch(); image++) {
      long key =
          NoiseKey.decode(
              input.getDouble(image, 2L * latentSize(), 0),
              input.getDouble(image, 2L * latentSize(), 1));
      GaussianNoise.fill(key, latentSize(), steps(), noise, image * elements);
    }
  }

  private INDArray noise() {
    return Nd4j.createFromArray(noise)
        .reshape('c', minibatch(), latentSize(), steps())
        .castTo(dataType);
  }

  private INDArray mean() {
    return input.get(all(), interval(0, latentSize()), all());
  }

  private INDArray logVariance() {
    return input.get(all(), interval(latentSize(), 2L * latentSize()), all());
  }

  private int latentSize() {
    return layerConf().getLatentSize();
  }

  private int minibatch() {
    return (int) input.size(0);
  }

  private int steps() {
    return (int) input.size(2);
  }
}
