package org.sparkvae.report;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An axis counted in tick steps, so that a tick stands at every whole number: XChart is given the
 * counts and asks here for the labels. Left to itself it puts ticks at half epochs, mixes numbers
 * of decimals, and hangs where values lie evenly spaced and close together.
 *
 * @param step distance of two ticks in the axis's own unit, a power of ten times 1, 2 or 5
 * @param low the axis's lower end, in steps
 * @param high the axis's upper end, in steps
 */
record TickScale(BigDecimal step, double low, double high) {
  private static final double WANTED_STEPS = 10;

  /** More room above than below: XChart treats evenly spaced values, ends included, differently. */
  private static final double MORE_ABOVE = 1.04;

  /** For values of any size. */
  static TickScale ofValues(double min, double max) {
    // Values that are all the same, but for rounding, stand in the middle.
    double size = Math.max(Math.abs(min), Math.abs(max));
    double around = max - min > size * 1e-9 ? 0 : size == 0 ? 0.5 : size * 0.1;
    double range = max - min + 2 * around;
    return of(nice(range / WANTED_STEPS), min - around, max + around, range * 0.05);
  }

  /** For whole numbers: ticks at no others. */
  static TickScale ofWholeNumbers(int min, int max) {
    double range = (double) max - min;
    BigDecimal step = nice(range / WANTED_STEPS).max(BigDecimal.ONE);
    return of(step, min, max, Math.max(0.5, range * 0.02));
  }

  private static TickScale of(BigDecimal step, double min, double max, double room) {
    double unit = step.doubleValue();
    return new TickScale(step, (min - room) / unit, (max + room * MORE_ABOVE) / unit);
  }

  /** A value of the axis's own unit, in steps. */
  double steps(double value) {
    return value / step.doubleValue();
  }

  /** What XChart asks for: roughly how many layout units lie between two ticks. */
  int spacing(double length) {
    return (int) Math.round(length / (high - low));
  }

  /** The text at {@code steps}: at whole ones with the decimals that the step has. */
  String label(double steps) {
    BigDecimal count =
        steps == Math.rint(steps)
            ? BigDecimal.valueOf((long) steps)
            : BigDecimal.valueOf(steps).stripTrailingZeros();
    return step.multiply(count).toPlainString();
  }

  /** The least power of ten times 1, 2 or 5 that is not below {@code rough}. */
  private static BigDecimal nice(double rough) {
    if (rough <= 0) {
      return BigDecimal.ONE;
    }
    BigDecimal wanted = BigDecimal.valueOf(rough).stripTrailingZeros();
    BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(wanted.precision() - wanted.scale() - 1);
    BigDecimal leading = wanted.divide(power, 17, RoundingMode.HALF_UP);
    for (int factor : new int[] {1, 2, 5}) {
      if (leading.compareTo(BigDecimal.valueOf(factor)) <= 0) {
        return power.multiply(BigDecimal.valueOf(factor));
      }
    }
    return power.scaleByPowerOfTen(1);
  }
}
