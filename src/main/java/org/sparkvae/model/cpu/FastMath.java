package org.sparkvae.model.cpu;

/**
 * Functions of all values of an array, exact in single precision. The JIT compiler vectorizes their
 * loops, because they have no branches, no conversions of types and short bodies.
 */
final class FastMath {
  /** At this argument and its negative, the results are infinite and 0 in single precision. */
  private static final double MAX_ARGUMENT = 128;

  private static final int SQUARINGS = 10;

  private FastMath() {}

  /**
   * Replaces x by eˣ, with a relative error below 10⁻⁸ for |x| ≤ 88. It is the 2¹⁰-th power of a
   * Taylor polynomial at x / 2¹⁰.
   */
  static void exp(double[] x, int count) {
    for (int i = 0; i < count; i++) {
      double r = Math.max(-MAX_ARGUMENT, Math.min(x[i], MAX_ARGUMENT)) / (1 << SQUARINGS);
      double series = 1 / 720.0;
      series = series * r + 1 / 120.0;
      series = series * r + 1 / 24.0;
      series = series * r + 1 / 6.0;
      series = series * r + 1 / 2.0;
      series = series * r + 1;
      x[i] = series * r + 1;
    }
    for (int squarings = 0; squarings < SQUARINGS; squarings += 2) {
      for (int i = 0; i < count; i++) {
        double square = x[i] * x[i];
        x[i] = square * square;
      }
    }
  }

  /** Replaces x by 1 / (1 + e⁻ˣ). */
  static void sigmoid(double[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = -x[i];
    }
    exp(x, count);
    for (int i = 0; i < count; i++) {
      x[i] = 1 / (1 + x[i]);
    }
  }

  /** Replaces x by tanh x = 2 · sigmoid(2x) − 1. */
  static void tanh(double[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] *= 2;
    }
    sigmoid(x, count);
    for (int i = 0; i < count; i++) {
      x[i] = 2 * x[i] - 1;
    }
  }
}
