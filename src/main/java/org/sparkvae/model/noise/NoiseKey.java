package org.sparkvae.model.noise;

import java.util.Arrays;

/**
 * Names the standard normal noise ε of one image, so that z = μ + σ·ε depends on the seed, the
 * epoch and the image alone: not on the minibatch, the partition or the worker that the image falls
 * to.
 *
 * <p>A key is 48 bits. As a graph's input it takes the first two time steps of an image's 28, 24
 * bits each, which single precision holds exactly; −1 in the first stands for no noise, so that z
 * is the posterior mean.
 */
public final class NoiseKey {
  /** The epoch that inference uses; training counts from 1. */
  public static final int INFERENCE = 0;

  /** No noise: z is the posterior mean. */
  public static final long NONE = -1;

  private static final int HALF_BITS = 24;

  private NoiseKey() {}

  /** The key of an image's noise in an epoch. */
  public static long of(long seed, int epoch, int imageId) {
    return SplitMix64.mix(SplitMix64.mix(SplitMix64.mix(seed) + epoch) + imageId) >>> 16;
  }

  /** Writes a key as the input values of all time steps from {@code offset} on. */
  public static void encode(long key, float[] target, int offset, int steps) {
    Arrays.fill(target, offset, offset + steps, 0);
    if (key == NONE) {
      target[offset] = -1;
    } else {
      target[offset] = key >>> HALF_BITS;
      target[offset + 1] = key & ((1 << HALF_BITS) - 1);
    }
  }

  /** The key that {@link #encode} wrote as the two given values. */
  public static long decode(double high, double low) {
    return high < 0 ? NONE : ((long) high << HALF_BITS) | (long) low;
  }
}
