package org.sparkvae.sampling;

import java.io.Serializable;

/** A distribution of latent variables z. */
public interface LatentDistribution extends Serializable {
  /**
   * Returns one sample of z, L channels per image row. The same index always gives the same sample.
   *
   * @param index the index of the sample, from 0
   */
  float[] sample(int index);
}
