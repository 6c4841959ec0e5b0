package org.sparkvae.model.cpu;

/** Approximations that are exact in single precision and faster than those of {@link Math}. */
final class FastMath {
  private static final double LOG2_E = 1 / Math.log(2);
  private static final double LN_2 = Math.log(2);

  /** Adding and subtracting this number rounds a small number to an integer. */
  private static final double ROUNDING = 0x1.8p52;

  private static final double MAX_ARGUMENT = 700;

  private FastMath() {}

  /** Returns eˣ with a relative error below 10⁻⁹: 2ⁿ times a Taylor polynomial within ±½ ln 2. */
  static double exp(double x) {
    if (!(Math.abs(x) < MAX_ARGUMENT)) {
      return Math.exp(x);
    }
    double exponent = x * LOG2_E + ROUNDING - ROUNDING;
    double r = x - exponent * LN_2;
    double series = 1 / 40320.0;
    series = series * r + 1 / 5040.0;
    series = series * r + 1 / 720.0;
    series = series * r + 1 / 120.0;
    series = series * r + 1 / 24.0;
    series = series * r + 1 / 6.0;
    series = series * r + 1 / 2.0;
    series = series * r + 1;
    series = series * r + 1;
    return series * Double.longBitsToDouble(((long) exponent + 1023) << 52);
  }

  static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
  }

  static double tanh(double x) {
    return 2 / (1 + exp(-2 * x)) - 1;
  }
}
