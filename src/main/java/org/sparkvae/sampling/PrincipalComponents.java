package org.sparkvae.sampling;

import java.io.Serializable;

/**
 * The first principal components of the encoder's states.
 *
 * @param origin the states whose scores are all 0 and that are the images' mean in every other
 *     direction, 28 rows of 32 values
 * @param axes the components, each as long as the states and of length 1
 */
// Made once and never compared.
@SuppressWarnings("ArrayRecordComponent")
record PrincipalComponents(double[] origin, double[][] axes) implements Serializable {
  /** From the images' mean states. */
  static PrincipalComponents around(double[] mean, double[][] axes) {
    double[] origin = mean.clone();
    for (double[] axis : axes) {
      double score = 0;
      for (int i = 0; i < mean.length; i++) {
        score += mean[i] * axis[i];
      }
      for (int i = 0; i < mean.length; i++) {
        origin[i] -= score * axis[i];
      }
    }
    return new PrincipalComponents(origin, axes);
  }

  /**
   * States from their scores along the axes; those that the encoder's ReLU cannot give become 0.
   */
  float[] states(double[] scores) {
    double[] states = origin.clone();
    for (int k = 0; k < axes.length; k++) {
      for (int i = 0; i < states.length; i++) {
        states[i] += scores[k] * axes[k][i];
      }
    }
    float[] rectified = new float[states.length];
    for (int i = 0; i < states.length; i++) {
      rectified[i] = (float) Math.max(0, states[i]);
    }
    return rectified;
  }
}
