package org.sparkvae.model.noise;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Computes up to {@link #PAIRS} Box–Muller transforms at once (Box and Muller, 1958). The JIT
 * compiler vectorizes its loops, because they have no branches and each has one type of elements.
 * It does not vectorize the conversion between a word and the double of the same bits, so a buffer
 * converts them. One thread at a time can use an object.
 */
final class BoxMuller {
  /** The number of transforms whose arrays fit into the processor's first cache. */
  static final int PAIRS = 256;

  private static final int MANTISSA_BITS = 52;
  private static final int EXPONENT_OFFSET = 1024;
  private static final double MANTISSA_RANGE = 0x1p52;
  private static final long SQRT_HALF_BITS = Double.doubleToRawLongBits(Math.sqrt(0.5));
  private static final long ONE_BITS = Double.doubleToRawLongBits(1);
  private static final long MANTISSA_RANGE_BITS = Double.doubleToRawLongBits(MANTISSA_RANGE);
  private static final double LN_2 = Math.log(2);

  /** Adding and subtracting this number rounds a small number to an integer. */
  private static final double ROUNDING = 0x1.8p52;

  /** The distance of the counter of each transform from that of the first one. */
  private static final long[] COUNTERS = new long[PAIRS];

  static {
    Arrays.setAll(COUNTERS, pair -> 2L * pair * SplitMix64.STEP);
  }

  private final LongBuffer words;
  private final DoubleBuffer doubles;
  private final long[] bits = new long[PAIRS];
  private final long[] exponentBits = new long[PAIRS];
  private final double[] uniform = new double[PAIRS];
  private final double[] exponent = new double[PAIRS];
  private final double[] quarters = new double[PAIRS];
  private final double[] angle = new double[PAIRS];
  private final double[] radius = new double[PAIRS];
  private final double[] cosine = new double[PAIRS];
  private final double[] sine = new double[PAIRS];

  BoxMuller() {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(PAIRS * Double.BYTES).order(ByteOrder.nativeOrder());
    words = buffer.asLongBuffer();
    doubles = buffer.asDoubleBuffer();
  }

  /**
   * Writes pairs of independent standard normal values.
   *
   * @param counter counter of the random stream before its first value; a pair takes two values
   * @param pairs at most {@link #PAIRS}
   */
  void transform(long counter, int pairs, float[] target, int offset) {
    fillUniform(counter + SplitMix64.STEP, pairs);
    for (int i = 0; i < pairs; i++) {
      uniform[i] += 0x1p-53;
    }
    log(uniform, radius, pairs);
    for (int i = 0; i < pairs; i++) {
      radius[i] = Math.sqrt(-2 * radius[i]);
    }
    fillUniform(counter + SplitMix64.STEP + SplitMix64.STEP, pairs);
    cosineAndSine(uniform, cosine, sine, pairs);
    for (int i = 0; i < pairs; i++) {
      target[offset + 2 * i] = (float) (radius[i] * cosine[i]);
      target[offset + 2 * i + 1] = (float) (radius[i] * sine[i]);
    }
  }

  /** Sets {@link #uniform} to uniformly distributed multiples of 2⁻⁵² in [0, 1). */
  private void fillUniform(long firstCounter, int count) {
    for (int i = 0; i < count; i++) {
      bits[i] = (SplitMix64.mix(firstCounter + COUNTERS[i]) >>> (64 - MANTISSA_BITS)) | ONE_BITS;
    }
    toDoubles(bits, uniform, count);
    for (int i = 0; i < count; i++) {
      uniform[i] -= 1;
    }
  }

  /**
   * Computes ln u with an error below 10⁻¹⁰, for normal floating-point numbers u in (0, 1]. It uses
   * u = m · 2ᵉ with m near 1 and the Taylor series of ln m = 2 artanh((m − 1)/(m + 1)).
   */
  void log(double[] u, double[] target, int count) {
    doubles.put(0, u, 0, count);
    words.get(0, bits, 0, count);
    for (int i = 0; i < count; i++) {
      long biased =
          (bits[i] - SQRT_HALF_BITS + ((long) EXPONENT_OFFSET << MANTISSA_BITS)) >>> MANTISSA_BITS;
      exponentBits[i] = biased | MANTISSA_RANGE_BITS;
      bits[i] += (EXPONENT_OFFSET - biased) << MANTISSA_BITS;
    }
    toDoubles(exponentBits, exponent, count);
    toDoubles(bits, target, count);
    for (int i = 0; i < count; i++) {
      double m = target[i];
      double s = (m - 1) / (m + 1);
      double t = s * s;
      double series = 1 / 13.0;
      series = series * t + 1 / 11.0;
      series = series * t + 1 / 9.0;
      series = series * t + 1 / 7.0;
      series = series * t + 1 / 5.0;
      series = series * t + 1 / 3.0;
      series = series * t + 1;
      target[i] = (exponent[i] - (MANTISSA_RANGE + EXPONENT_OFFSET)) * LN_2 + 2 * s * series;
    }
  }

  /**
   * Computes cos 2πu and sin 2πu by Taylor series with an error below 10⁻¹⁰, for u in [0, 1). The
   * angle is a multiple of a quarter turn plus a remainder of at most an eighth of a turn.
   */
  void cosineAndSine(double[] u, double[] cosine, double[] sine, int count) {
    for (int i = 0; i < count; i++) {
      quarters[i] = 4 * u[i] + ROUNDING - ROUNDING;
      angle[i] = 2 * Math.PI * (u[i] - 0.25 * quarters[i]);
    }
    for (int i = 0; i < count; i++) {
      double t = -angle[i] * angle[i];
      double series = 1 / 479001600.0;
      series = series * t + 1 / 3628800.0;
      series = series * t + 1 / 40320.0;
      series = series * t + 1 / 720.0;
      series = series * t + 1 / 24.0;
      series = series * t + 1 / 2.0;
      cosine[i] = series * t + 1;
    }
    for (int i = 0; i < count; i++) {
      double t = -angle[i] * angle[i];
      double series = 1 / 39916800.0;
      series = series * t + 1 / 362880.0;
      series = series * t + 1 / 5040.0;
      series = series * t + 1 / 120.0;
      series = series * t + 1 / 6.0;
      series = series * t + 1;
      sine[i] = series * angle[i];
    }
    for (int i = 0; i < count; i++) {
      double halves = 0.5 * quarters[i] - 0.25 + ROUNDING - ROUNDING;
      double odd = quarters[i] - 2 * halves;
      // The sign of the half turns: 1, −1 and 1 for 0, 1 and 2 of them.
      double sign = 2 * (halves - 1) * (halves - 1) - 1;
      double c = cosine[i];
      double s = sine[i];
      cosine[i] = sign * (c - odd * (c + s));
      sine[i] = sign * (s + odd * (c - s));
    }
  }

  private void toDoubles(long[] source, double[] target, int count) {
    words.put(0, source, 0, count);
    doubles.get(0, target, 0, count);
  }
}
