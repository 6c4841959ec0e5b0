package org.sparkvae.selftest;

import org.sparkvae.model.noise.SplitMix64;

/**
 * A count sketch of a tensor (Charikar, Chen and Farach-Colton, 2002). Each value is added to one
 * of {@value #BUCKETS} sums with a sign, and hashes of its index select both. The sketch of a
 * difference is the difference of the sketches, and its Euclidean length is close to that of the
 * difference. A sketch therefore shows an error in any value of the tensor.
 */
final class TensorSketch {
  static final int BUCKETS = 64;

  private TensorSketch() {}

  /** Returns the sketch of the values from index {@code start} to {@code end}, exclusive. */
  static double[] of(double[] values, int start, int end) {
    double[] sums = new double[BUCKETS];
    for (int i = start; i < end; i++) {
      long hash = SplitMix64.mix(i - start + 1L);
      sums[(int) (hash & (BUCKETS - 1))] += hash < 0 ? -values[i] : values[i];
    }
    return sums;
  }

  /**
   * Returns the Euclidean distance of two sketches, relative to the length of the first one. It is
   * infinite if a value is NaN.
   */
  static double relativeDistance(double[] expected, double[] actual) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      length += expected[i] * expected[i];
    }
    double distance = Math.sqrt(difference / length);
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }
}
