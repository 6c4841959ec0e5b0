package org.sparkvae.model.noise;

import java.util.Arrays;

/**
 * Standard normal noise that can be recomputed anywhere from a {@link NoiseKey}: SplitMix64 and the
 * Box–Muller transform (Box and Muller, 1958). {@code bench/pytorch_reference.py} computes the
 * same.
 */
public final class GaussianNoise {
  private GaussianNoise() {}

  /**
   * Writes one image's ε from {@code offset} on, channels last: {@code [steps, channels]}; zeros
   * for {@link NoiseKey#NONE}. Two neighbouring channels are drawn at a time.
   *
   * @param count steps · channels; the number of channels must be even
   */
  public static void fill(long key, int count, float[] target, int offset) {
    if (key == NoiseKey.NONE) {
      Arrays.fill(target, offset, offset + count, 0);
      return;
    }
    long counter = key;
    for (int i = offset; i < offset + count; i += 2) {
      long a = Hash.mix(counter += Hash.STEP);
      long b = Hash.mix(counter += Hash.STEP);
      double radius = Math.sqrt(-2 * Math.log(((a >>> 11) + 1) * 0x1p-53));
      double angle = 2 * Math.PI * ((b >>> 11) * 0x1p-53);
      target[i] = (float) (radius * Math.cos(angle));
      target[i + 1] = (float) (radius * Math.sin(angle));
    }
  }
}
