package org.sparkvae.report;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A scale that counts in tick steps, so that every tick is a whole number. XChart receives these
 * counts as values and asks this class for the labels. XChart's own scale puts ticks at half
 * epochs, mixes numbers of decimals, and hangs if values are evenly spaced and close together.
 *
 * @param step the distance of two ticks in the unit of the axis: 1, 2 or 5 times a power of ten
 * @param low the axis's lower end, in steps
 * @param high the axis's upper end, in steps
 */
record TickScale(BigDecimal step, double low, double high) {
  private static final double TARGET_STEPS = 10;

  /**
   * The ratio of the padding above to the padding below. They differ because XChart treats a range
   * with evenly spaced values and ends as a special case.
   */
  private static final double UPPER_PADDING_RATIO = 1.04;

  /** Returns a scale for values of any magnitude. */
  static TickScale ofValues(double min, double max) {
    // Values that are equal except for rounding are shown in the middle.
    double magnitude = Math.max(Math.abs(min), Math.abs(max));
    double extension = max - min > magnitude * 1e-9 ? 0 : magnitude == 0 ? 0.5 : magnitude * 0.1;
    double range = max - min + 2 * extension;
    return of(roundStep(range / TARGET_STEPS), min - extension, max + extension, range * 0.05);
  }

  /** Returns a scale for whole numbers, with ticks at whole numbers only. */
  static TickScale ofWholeNumbers(int min, int max) {
    double range = (double) max - min;
    BigDecimal step = roundStep(range / TARGET_STEPS).max(BigDecimal.ONE);
    return of(step, min, max, Math.max(0.5, range * 0.02));
  }

  private static TickScale of(BigDecimal step, double min, double max, double padding) {
    double unit = step.doubleValue();
    return new TickScale(
        step, (min - padding) / unit, (max + padding * UPPER_PADDING_RATIO) / unit);
  }

  /** Converts a value in the unit of the axis to steps. */
  double steps(double value) {
    return value / step.doubleValue();
  }

  /** Returns the approximate distance of two ticks in layout units, which XChart needs. */
  int tickSpacing(double length) {
    return (int) Math.round(length / (high - low));
  }

  /** Returns the label at {@code steps}. All ticks have the same number of decimals. */
  String label(double steps) {
    BigDecimal count =
        steps == Math.rint(steps)
            ? BigDecimal.valueOf((long) steps)
            : BigDecimal.valueOf(steps).stripTrailingZeros();
    return step.multiply(count).toPlainString();
  }

  /** Returns the smallest number of 1, 2 or 5 times a power of ten that is at least {@code min}. */
  private static BigDecimal roundStep(double min) {
    if (min <= 0) {
      return BigDecimal.ONE;
    }
    BigDecimal minimum = BigDecimal.valueOf(min).stripTrailingZeros();
    BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(minimum.precision() - minimum.scale() - 1);
    BigDecimal leading = minimum.divide(power, 17, RoundingMode.HALF_UP);
    for (int factor : new int[] {1, 2, 5}) {
      if (leading.compareTo(BigDecimal.valueOf(factor)) <= 0) {
        return power.multiply(BigDecimal.valueOf(factor));
      }
    }
    return power.scaleByPowerOfTen(1);
  }
}
