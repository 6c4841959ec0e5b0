package org.sparkvae.model.cpu;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.GaussianNoise;

/**
 * The computations of the sampling layer, forward and backward: samples of the posterior N(μ, σ²)
 * and its KL divergence from N(0, I). Arrays are stored with the channels last.
 */
public final class PosteriorKernel {
  private static final int CHUNK_SIZE = 5;

  private float[] noise = {};
  private float[] deviation = {};

  /**
   * Samples z = μ + σ·ε.
   *
   * @param mean μ, {@code [minibatch, L, rows]}
   * @param logVariance log σ², {@code [minibatch, L, rows]}
   * @param noiseKeys one key per image
   * @param kl receives the KL divergence of each image, in nats
   * @return z, {@code [minibatch, L, rows, 1]}
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
    KernelThreadPool.parallelFor(
        images,
        CHUNK_SIZE,
        (from, to) -> {
          float[] mu = new float[elements];
          float[] logVar = new float[elements];
          double[] sigmas = new double[elements];
          for (int image = from; image < to; image++) {
            int offset = image * elements;
            means.read(offset, mu, elements);
            logVariances.read(offset, logVar, elements);
            GaussianNoise.fill(noiseKeys[image], elements, noise, offset);
            for (int i = 0; i < elements; i++) {
              sigmas[i] = 0.5 * logVar[i];
            }
            FastMath.exp(sigmas, elements);
            double divergence = 0;
            for (int i = 0; i < elements; i++) {
              float sigma = (float) sigmas[i];
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
   * Returns the gradients of μ and log σ², with ∂KL/∂μ = μ and ∂KL/∂log σ² = ½(σ² − 1).
   *
   * @param mean μ of the last call of {@link #sample}
   * @param gradient gradient of z, {@code [minibatch, L, rows, 1]}
   * @param klWeight weight in the score of one nat of an image's KL divergence
   */
  public INDArray[] backward(
      INDArray mean, INDArray gradient, double klWeight, LayerWorkspaceMgr workspaces) {
    int images = (int) mean.size(0);
    int elements = (int) mean.length() / images;
    INDArray[] gradients = new INDArray[2];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] =
          CpuLayer.createChannelsLast(
              workspaces, ArrayType.ACTIVATION_GRAD, images, mean.size(2), mean.size(1));
    }
    NativeFloats means = CpuLayer.channelsLast(mean);
    NativeFloats zGradient = CpuLayer.channelsLast(gradient);
    NativeFloats meanGradient = NativeFloats.of(gradients[0]);
    NativeFloats logVarianceGradient = NativeFloats.of(gradients[1]);
    float weight = (float) klWeight;
    KernelThreadPool.parallelFor(
        images,
        CHUNK_SIZE,
        (from, to) -> {
          float[] mu = new float[elements];
          float[] g = new float[elements];
          float[] sigma = new float[elements];
          float[] epsilon = new float[elements];
          for (int image = from; image < to; image++) {
            int offset = image * elements;
            means.read(offset, mu, elements);
            zGradient.read(offset, g, elements);
            System.arraycopy(deviation, offset, sigma, 0, elements);
            System.arraycopy(noise, offset, epsilon, 0, elements);
            for (int i = 0; i < elements; i++) {
              mu[i] = g[i] + weight * mu[i];
              g[i] = 0.5f * (g[i] * epsilon[i] * sigma[i] + weight * (sigma[i] * sigma[i] - 1));
            }
            meanGradient.write(offset, mu, 0, elements);
            logVarianceGradient.write(offset, g, 0, elements);
          }
        });
    return new INDArray[] {
      CpuLayer.channelsFirst(gradients[0]), CpuLayer.channelsFirst(gradients[1])
    };
  }
}
