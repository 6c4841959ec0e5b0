package org.sparkvae.sampling;

import org.sparkvae.image.ImageShape;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;

/**
 * The prior N(0, I), the reference's "random vectors".
 *
 * @param latentChannels the number of latent channels per image row, L
 * @param seed the seed of the samples
 */
public record Prior(int latentChannels, long seed) implements LatentDistribution {
  /** The epoch in the noise keys. It is negative, so that no key equals that of an epoch. */
  private static final int PRIOR_NOISE = -1;

  @Override
  public float[] sample(int index) {
    float[] z = new float[ImageShape.ROWS * latentChannels];
    GaussianNoise.fill(NoiseKey.of(seed, PRIOR_NOISE, index), z.length, z, 0);
    return z;
  }
}
