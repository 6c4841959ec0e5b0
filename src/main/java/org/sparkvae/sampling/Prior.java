package org.sparkvae.sampling;

import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;

/**
 * The prior N(0, I), the report's "random vectors".
 *
 * @param latentChannels L
 * @param seed decides the draws
 */
public record Prior(int latentChannels, long seed) implements LatentDistribution {
  /** Keeps a draw's noise apart from every epoch's. */
  private static final int NAMESPACE = -1;

  @Override
  public float[] z(int draw) {
    float[] z = new float[ModelConfig.SIDE * latentChannels];
    GaussianNoise.fill(NoiseKey.of(seed, NAMESPACE, draw), z.length, z, 0);
    return z;
  }
}
