package org.sparkvae.sampling;

import java.io.Serializable;

/** A distribution of latent variables to draw images from. */
public interface LatentDistribution extends Serializable {
  /**
   * One draw, the same whenever it is asked for: z, 28 rows of L channels.
   *
   * @param draw which, from 0
   */
  float[] z(int draw);
}
