package org.sparkvae.sampling;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.sparkvae.linalg.SymmetricEigendecomposition;

/**
 * The first principal components of the encoder's states.
 *
 * @param origin the images' mean states without their part along the axes, 32 values per image row;
 *     all scores of the origin are 0
 * @param axes the components, unit vectors with as many values as the states
 */
record PrincipalComponents(double[] origin, double[][] axes) implements Serializable {
  /** The number of images per block, so that their states fit into the processor's cache. */
  private static final int BLOCK_SIZE = 128;

  /**
   * Computes the first principal components. As in {@link GaussianMixtureFit}, the result is
   * reproducible to the last bit, because sums have a fixed order and no native library is used.
   *
   * @param states the states of each image
   * @param count the number of components, at most the number of values in the states
   */
  static PrincipalComponents of(float[][] states, int count) {
    double[] mean = mean(states);
    SymmetricEigendecomposition decomposition =
        SymmetricEigendecomposition.of(scatterMatrix(states, mean));
    return centeredOn(mean, Arrays.copyOf(decomposition.vectors(), count));
  }

  private static double[] mean(float[][] states) {
    double[] mean = new double[states[0].length];
    for (float[] imageStates : states) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += imageStates[i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= states.length;
    }
    return mean;
  }

  /** Returns the covariance matrix times the number of images. */
  private static double[][] scatterMatrix(float[][] states, double[] mean) {
    int size = mean.length;
    double[][] scatter = new double[size][size];
    double[][] centered = new double[BLOCK_SIZE][size];
    for (int start = 0; start < states.length; start += BLOCK_SIZE) {
      int images = Math.min(BLOCK_SIZE, states.length - start);
      for (int n = 0; n < images; n++) {
        for (int i = 0; i < size; i++) {
          centered[n][i] = states[start + n][i] - mean[i];
        }
      }
      IntStream.range(0, size)
          .parallel()
          .forEach(
              i -> {
                for (int n = 0; n < images; n++) {
                  add(centered[n][i], centered[n], scatter[i], i);
                }
              });
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        scatter[j][i] = scatter[i][j];
      }
    }
    return scatter;
  }

  /** Adds a multiple of a vector to another, up to the index {@code last}. */
  private static void add(double factor, double[] vector, double[] target, int last) {
    for (int j = 0; j <= last; j++) {
      target[j] += factor * vector[j];
    }
  }

  /** Returns an image's scores along the axes. */
  double[] project(float[] states) {
    double[] scores = new double[axes.length];
    for (int k = 0; k < axes.length; k++) {
      for (int i = 0; i < states.length; i++) {
        scores[k] += states[i] * axes[k][i];
      }
    }
    return scores;
  }

  /** Returns the components with the origin computed from the images' mean states. */
  static PrincipalComponents centeredOn(double[] mean, double[][] axes) {
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
   * Returns the states with the given scores along the axes. Negative values become 0, because the
   * encoder's ReLU cannot produce them.
   */
  float[] reconstruct(double[] scores) {
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
