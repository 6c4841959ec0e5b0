package org.sparkvae.model.cpu;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.GaussianNoise;

/**
 * Sampling from the posterior N(μ, σ²) and its KL divergence from N(0, I), forward and backward,
 * for arrays with the channels last.
 */
public final class PosteriorKernel {
  private static final int IMAGES_AT_A_TIME = 5;

  private float[] noise = {};
  private float[] deviation = {};

  /**
   * Draws z = μ + σ·ε.
   *
   * @param mean {@code [minibatch, L, 28]}
   * @param logVariance likewise
   * @param noiseKeys one for each image
   * @param kl takes the KL divergence of each image, in nats
   * @return {@code [minibatch, L, 28, 1]}
   */
  public INDArray sample(
      INDArray mean,
      INDArray logVariance,
      long[] noiseKeys,
      double[] kl,
      LayerWorkspaceMgr workspaces) {
    int images = noiseKeys.length;
    int elements = (int) mean.length() / images;
    if (noise.length < images * elements) {
      noise = new float[images * elements];
      deviation = new float[images * elements];
    }
    INDArray z =
        CpuLayer.createChannelsLast(
            workspaces, ArrayType.ACTIVATIONS, images, mean.size(2), 1, mean.size(1));
    NativeFloats means = CpuLayer.channelsLast(mean);
    NativeFloats logVariances = CpuLayer.channelsLast(logVariance);
    NativeFloats target = NativeFloats.of(z);
    KernelThreadPool.share(
        images,
        IMAGES_AT_A_TIME,
        (from, to) -> {
          float[] mu = new float[elements];
          float[] logVar = new float[elements];
          for (int image = from; image < to; image++) {
            int offset = image * elements;
            means.read(offset, mu, elements);
            logVariances.read(offset, logVar, elements);
            GaussianNoise.fill(noiseKeys[image], elements, noise, offset);
            double divergence = 0;
            for (int i = 0; i < elements; i++) {
              float sigma = (float) FastMath.exp(0.5 * logVar[i]);
              deviation[offset + i] = sigma;
              divergence += mu[i] * mu[i] + sigma * sigma - 1 - logVar[i];
              mu[i] += sigma * noise[offset + i];
            }
            kl[image] = 0.5 * divergence;
            target.write(offset, mu, 0, elements);
          }
        });
    return CpuLayer.channelsFirst(z);
  }

  /**
   * Gradients of μ and log σ², of which ∂KL/∂μ = μ and ∂KL/∂log σ² = ½(σ² − 1).
   *
   * @param gradient of z, {@code [minibatch, L, 28, 1]}
   * @param weight of a nat of an image's KL divergence in the score
   */
  public INDArray[] backward(
      INDArray mean, INDArray gradient, double weight, LayerWorkspaceMgr workspaces) {
    int images = (int) mean.size(0);
    int elements = (int) mean.length() / images;
    INDArray[] gradients = new INDArray[2];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] =
          CpuLayer.createChannelsLast(
              workspaces, ArrayType.ACTIVATION_GRAD, images, mean.size(2), mean.size(1));
    }
    NativeFloats means = CpuLayer.channelsLast(mean);
    NativeFloats ofZ = CpuLayer.channelsLast(gradient);
    NativeFloats ofMean = NativeFloats.of(gradients[0]);
    NativeFloats ofLogVariance = NativeFloats.of(gradients[1]);
    float share = (float) weight;
    KernelThreadPool.share(
        images,
        IMAGES_AT_A_TIME,
        (from, to) -> {
          float[] mu = new float[elements];
          float[] g = new float[elements];
          float[] sigma = new float[elements];
          float[] epsilon = new float[elements];
          for (int image = from; image < to; image++) {
            int offset = image * elements;
            means.read(offset, mu, elements);
            ofZ.read(offset, g, elements);
            System.arraycopy(deviation, offset, sigma, 0, elements);
            System.arraycopy(noise, offset, epsilon, 0, elements);
            for (int i = 0; i < elements; i++) {
              mu[i] = g[i] + share * mu[i];
              g[i] = 0.5f * (g[i] * epsilon[i] * sigma[i] + share * (sigma[i] * sigma[i] - 1));
            }
            ofMean.write(offset, mu, 0, elements);
            ofLogVariance.write(offset, g, 0, elements);
          }
        });
    return new INDArray[] {
      CpuLayer.channelsFirst(gradients[0]), CpuLayer.channelsFirst(gradients[1])
    };
  }
}
