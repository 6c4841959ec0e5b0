package org.sparkvae.model.noise;

import java.util.Arrays;

/**
 * The key of the standard normal noise ε of one image. With it, z = μ + σ·ε depends only on the
 * seed, the epoch and the image id. It does not depend on the minibatch, the partition or the
 * worker.
 *
 * <p>A key has 48 bits. As an input of the graph it occupies the first two time steps of an image,
 * 24 bits each, which single precision represents exactly. The value −1 in the first time step
 * means no noise, so that z is the posterior mean.
 */
public final class NoiseKey {
  /** The epoch of keys for inference. Training epochs start at 1. */
  public static final int INFERENCE = 0;

  /** The key for no noise, with which z is the posterior mean. */
  public static final long NONE = -1;

  private static final int HALF_BITS = 24;

  private NoiseKey() {}

  /** Returns the key of an image's noise in an epoch. */
  public static long of(long seed, int epoch, int imageId) {
    return SplitMix64.mix(SplitMix64.mix(SplitMix64.mix(seed) + epoch) + imageId) >>> 16;
  }

  /** Writes a key as the input values of all time steps, starting at {@code offset}. */
  public static void encode(long key, float[] target, int offset, int steps) {
    Arrays.fill(target, offset, offset + steps, 0);
    if (key == NONE) {
      target[offset] = -1;
    } else {
      target[offset] = key >>> HALF_BITS;
      target[offset + 1] = key & ((1 << HALF_BITS) - 1);
    }
  }

  /** Returns the key that {@link #encode} wrote as the first two values. */
  public static long decode(double high, double low) {
    return high < 0 ? NONE : ((long) high << HALF_BITS) | (long) low;
  }
}
