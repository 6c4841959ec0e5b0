package org.sparkvae.model;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;

/**
 * A sampler of latent variables from the posteriors of images, with importance weights (Burda,
 * Grosse and Salakhutdinov, 2016). Not thread-safe.
 */
public final class ImportanceSampler {
  /**
   * The epoch in the noise key of sample 0. It is negative, so no sample shares a key with an epoch
   * of training.
   */
  private static final int FIRST_SAMPLE = Integer.MIN_VALUE;

  private final PosteriorEncoder encoder;
  private final PosteriorHeads heads;
  private final LatentDecoder decoder;
  private final long seed;

  /**
   * Creates a sampler for a model.
   *
   * @param config configuration of the model
   * @param seed seed of the noise
   */
  public ImportanceSampler(ComputationGraph model, ModelConfig config, long seed) {
    encoder = new PosteriorEncoder(model);
    heads = new PosteriorHeads(model);
    decoder = new LatentDecoder(model, config);
    this.seed = seed;
  }

  /**
   * Returns the log importance weights of several samples of z for each image: log w = log p(x|z) +
   * log p(z) − log q(z|x), in nats per image. The noise of a sample depends only on its number, the
   * seed and the image id.
   *
   * @param imageIds one id per image
   * @param images unsigned bytes, one per pixel, row by row
   * @param samples number of samples per image
   * @return log weights, {@code [images][samples]}
   */
  public double[][] logWeights(int[] imageIds, byte[][] images, int samples) {
    float[][] states = encoder.states(images);
    List<Posterior> posteriors = new ArrayList<>(images.length);
    for (float[] state : states) {
      posteriors.add(new Posterior(heads.mean(state), heads.logVariance(state)));
    }
    double[][] logWeights = new double[images.length][samples];
    for (int sample = 0; sample < samples; sample++) {
      List<float[]> latents = new ArrayList<>(images.length);
      for (int n = 0; n < images.length; n++) {
        float[] z = new float[posteriors.get(n).mean.length];
        GaussianNoise.fill(NoiseKey.of(seed, FIRST_SAMPLE + sample, imageIds[n]), z.length, z, 0);
        logWeights[n][sample] = posteriors.get(n).sample(z);
        latents.add(z);
      }
      List<float[]> decoded = decoder.decode(latents);
      for (int n = 0; n < images.length; n++) {
        logWeights[n][sample] -=
            ImageReconstructor.crossEntropy(images[n], decoded.get(n)) * ImageShape.PIXELS;
      }
    }
    return logWeights;
  }

  /** The posterior q(z|x) of one image. */
  private static final class Posterior {
    private final float[] mean;
    private final float[] deviation;
    private final double logDeterminant;

    Posterior(float[] mean, float[] logVariance) {
      this.mean = mean;
      deviation = new float[mean.length];
      double sum = 0;
      for (int i = 0; i < mean.length; i++) {
        deviation[i] = (float) Math.exp(0.5 * logVariance[i]);
        sum += logVariance[i];
      }
      logDeterminant = sum;
    }

    /** Replaces noise ε by z = μ + σε and returns log p(z) − log q(z|x) in nats. */
    double sample(float[] noise) {
      double squares = 0;
      for (int i = 0; i < noise.length; i++) {
        double epsilon = noise[i];
        double z = mean[i] + deviation[i] * epsilon;
        squares += epsilon * epsilon - z * z;
        noise[i] = (float) z;
      }
      return 0.5 * (logDeterminant + squares);
    }
  }
}
