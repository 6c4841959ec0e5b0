package org.sparkvae.sampling;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.sparkvae.linalg.SymmetricEigendecomposition;

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
  /** Images at a time, whose states the processor's cache can hold. */
  private static final int BLOCK = 128;

  /**
   * Finds them. Like the fit of the mixture in a fixed order, and without the machine's libraries.
   *
   * @param states one image's each
   * @param count at most so many components as the states have values
   */
  static PrincipalComponents of(float[][] states, int count) {
    double[] mean = mean(states);
    SymmetricEigendecomposition parts = SymmetricEigendecomposition.of(products(states, mean));
    return around(mean, Arrays.copyOf(parts.vectors(), count));
  }

  private static double[] mean(float[][] states) {
    double[] mean = new double[states[0].length];
    for (float[] each : states) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += each[i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= states.length;
    }
    return mean;
  }

  /** The covariances times the number of images. */
  private static double[][] products(float[][] states, double[] mean) {
    int size = mean.length;
    double[][] products = new double[size][size];
    double[][] centred = new double[BLOCK][size];
    for (int start = 0; start < states.length; start += BLOCK) {
      int images = Math.min(BLOCK, states.length - start);
      for (int n = 0; n < images; n++) {
        for (int i = 0; i < size; i++) {
          centred[n][i] = states[start + n][i] - mean[i];
        }
      }
      IntStream.range(0, size)
          .parallel()
          .forEach(
              i -> {
                for (int n = 0; n < images; n++) {
                  add(centred[n][i], centred[n], products[i], i);
                }
              });
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        products[j][i] = products[i][j];
      }
    }
    return products;
  }

  /** Adds a multiple of a vector up to the last of its values. */
  private static void add(double factor, double[] vector, double[] to, int last) {
    for (int j = 0; j <= last; j++) {
      to[j] += factor * vector[j];
    }
  }

  /** An image's scores along the axes. */
  double[] scores(float[] states) {
    double[] scores = new double[axes.length];
    for (int k = 0; k < axes.length; k++) {
      for (int i = 0; i < states.length; i++) {
        scores[k] += states[i] * axes[k][i];
      }
    }
    return scores;
  }

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
