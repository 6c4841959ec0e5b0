package org.sparkvae.model;

/**
 * Standard normal noise that can be recomputed anywhere from a {@link NoiseKey}: SplitMix64 and the
 * Box–Muller transform (Box and Muller, 1958). {@code bench/pytorch_reference.py} computes the
 * same.
 */
final class GaussianNoise {
  private GaussianNoise() {}

  /**
   * Writes one image's ε as {@code [channels, steps]}, channel by channel, from {@code offset} on;
   * zeros for {@link NoiseKey#NONE}. Drawn step by step, two neighbouring channels at a time.
   *
   * @param channels must be even
   */
  static void fill(long key, int channels, int steps, float[] target, int offset) {
    if (key == NoiseKey.NONE) {
      java.util.Arrays.fill(target, offset, offset + channels * steps, 0);
      return;
    }
    long counter = key;
    for (int step = 0; step < steps; step++) {
      for (int channel = 0; channel < channels; channel += 2) {
        long a = Hash.mix(counter += Hash.STEP);
        long b = Hash.mix(counter += Hash.STEP);
        double radius = Math.sqrt(-2 * Math.log(((a >>> 11) + 1) * 0x1p-53));
        double angle = 2 * Math.PI * ((b >>> 11) * 0x1p-53);
        int first = offset + channel * steps + step;
        target[first] = (float) (radius * Math.cos(angle));
        target[first + steps] = (float) (radius * Math.sin(angle));
      }
    }
  }
}
