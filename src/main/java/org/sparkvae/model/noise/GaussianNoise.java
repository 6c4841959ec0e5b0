package org.sparkvae.model.noise;

import java.util.Arrays;

/**
 * Standard normal noise that any process can recompute from a {@link NoiseKey}. It uses SplitMix64
 * and the Box–Muller transform (Box and Muller, 1958). {@code bench/pytorch_reference.py} computes
 * the same noise.
 */
public final class GaussianNoise {
  private static final int MANTISSA_BITS = 52;
  private static final long SQRT_HALF_BITS = Double.doubleToRawLongBits(Math.sqrt(0.5));
  private static final double LN_2 = Math.log(2);

  private GaussianNoise() {}

  /**
   * Writes the noise ε of one image with the channels last, {@code [steps, channels]}. For {@link
   * NoiseKey#NONE} all values are 0. Each Box–Muller transform gives the values of two neighboring
   * channels.
   *
   * @param key noise key of the image
   * @param count steps · channels; the number of channels must be even
   * @param target array that receives the noise
   * @param offset index of the first value in the array
   * @throws IllegalArgumentException if the count is odd
   */
  public static void fill(long key, int count, float[] target, int offset) {
    if (count % 2 != 0) {
      throw new IllegalArgumentException(
          "count: %d is odd. Use an even number of channels.".formatted(count));
    }
    if (key == NoiseKey.NONE) {
      Arrays.fill(target, offset, offset + count, 0);
      return;
    }
    long counter = key;
    for (int i = offset; i < offset + count; i += 2) {
      long a = SplitMix64.mix(counter += SplitMix64.STEP);
      long b = SplitMix64.mix(counter += SplitMix64.STEP);
      double radius = Math.sqrt(-2 * log(((a >>> 11) + 1) * 0x1p-53));
      // The angle is a multiple of a quarter turn plus a remainder of at most an eighth of a turn.
      double turns = (b >>> 11) * 0x1p-53;
      int quarters = (int) (4 * turns + 0.5);
      double remainder = 2 * Math.PI * (turns - 0.25 * quarters);
      double cosine = radius * cosine(remainder);
      double sine = radius * sine(remainder);
      // Arithmetic replaces branches, which the processor could not predict here.
      double odd = quarters & 1;
      double sign = 1 - (quarters & 2);
      target[i] = (float) (sign * ((1 - odd) * cosine - odd * sine));
      target[i + 1] = (float) (sign * ((1 - odd) * sine + odd * cosine));
    }
  }

  /**
   * Returns ln u with an error below 10⁻¹⁰, for a normal floating-point number u. It uses u = m ·
   * 2ᵉ with m near 1 and the Taylor series of ln m = 2 artanh((m − 1)/(m + 1)).
   */
  static double log(double u) {
    long bits = Double.doubleToRawLongBits(u);
    int exponent = (int) ((bits - SQRT_HALF_BITS) >> MANTISSA_BITS);
    double m = Double.longBitsToDouble(bits - ((long) exponent << MANTISSA_BITS));
    double s = (m - 1) / (m + 1);
    double t = s * s;
    double series = 1 / 13.0;
    series = series * t + 1 / 11.0;
    series = series * t + 1 / 9.0;
    series = series * t + 1 / 7.0;
    series = series * t + 1 / 5.0;
    series = series * t + 1 / 3.0;
    series = series * t + 1;
    return exponent * LN_2 + 2 * s * series;
  }

  /** Returns sin x by its Taylor series. The error is below 10⁻¹⁰ for |x| ≤ π/4. */
  static double sine(double x) {
    double t = -x * x;
    double series = 1 / 39916800.0;
    series = series * t + 1 / 362880.0;
    series = series * t + 1 / 5040.0;
    series = series * t + 1 / 120.0;
    series = series * t + 1 / 6.0;
    series = series * t + 1;
    return x * series;
  }

  /** Returns cos x by its Taylor series. The error is below 10⁻¹⁰ for |x| ≤ π/4. */
  static double cosine(double x) {
    double t = -x * x;
    double series = 1 / 479001600.0;
    series = series * t + 1 / 3628800.0;
    series = series * t + 1 / 40320.0;
    series = series * t + 1 / 720.0;
    series = series * t + 1 / 24.0;
    series = series * t + 1 / 2.0;
    return series * t + 1;
  }
}
