package org.sparkvae.model.cpu;

/** Functions of one number, exact to single precision and faster than {@link Math}'s. */
final class FastMath {
  private static final double LOG2_E = 1 / Math.log(2);
  private static final double LN_2 = Math.log(2);

  /** Added to a small number and taken away again, this rounds it to a whole one. */
  private static final double ROUNDING = 0x1.8p52;

  private static final double LARGEST = 700;

  private FastMath() {}

  /** eˣ to 10⁻⁹ of itself: 2ⁿ times a Taylor polynomial within ±½ ln 2. */
  static double exp(double x) {
    if (!(Math.abs(x) < LARGEST)) {
      return Math.exp(x);
    }
    double whole = x * LOG2_E + ROUNDING - ROUNDING;
    double r = x - whole * LN_2;
    double series = 1 / 40320.0;
    series = series * r + 1 / 5040.0;
    series = series * r + 1 / 720.0;
    series = series * r + 1 / 120.0;
    series = series * r + 1 / 24.0;
    series = series * r + 1 / 6.0;
    series = series * r + 1 / 2.0;
    series = series * r + 1;
    series = series * r + 1;
    return series * Double.longBitsToDouble(((long) whole + 1023) << 52);
  }

  static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
  }

  static double tanh(double x) {
    return 2 / (1 + exp(-2 * x)) - 1;
  }
}
