package org.sparkvae.sampling;

import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;

/**
 * The prior N(0, I), the reference's "random vectors".
 *
 * @param latentChannels L
 * @param seed the seed of the samples
 */
public record Prior(int latentChannels, long seed) implements LatentDistribution {
  /** A namespace that separates the noise of samples from that of every epoch. */
  private static final int NAMESPACE = -1;

  @Override
  public float[] sample(int index) {
    float[] z = new float[ModelConfig.SIDE * latentChannels];
    GaussianNoise.fill(NoiseKey.of(seed, NAMESPACE, index), z.length, z, 0);
    return z;
  }
}
