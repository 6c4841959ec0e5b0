package org.sparkvae.report.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Formats numbers with about four significant digits. */
final class NumberFormatter {
  /** The text of a missing value. */
  static final String MISSING = "–";

  private NumberFormatter() {}

  /** Formats a value; null and NaN give {@link #MISSING}. */
  static String text(Double value) {
    if (value == null || value.isNaN()) {
      return MISSING;
    }
    return withMinusSign(value == Math.rint(value) ? whole(value) : decimals(value));
  }

  /** Formats a value like {@link #text}, with a plus sign if it is positive. */
  static String signed(double value) {
    return value > 0 ? "+" + text(value) : text(value);
  }

  /** Formats a whole number with a thousands separator. */
  static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  /** Formats a value with a fixed number of decimals, for a column of a table. */
  static String fixed(double value, int decimals) {
    return Double.isNaN(value)
        ? MISSING
        : withMinusSign(String.format(Locale.ROOT, "%." + decimals + "f", value));
  }

  /** Formats a value like {@link #fixed}, with a plus sign if it is positive. */
  static String signedFixed(double value, int decimals) {
    return value > 0 ? "+" + fixed(value, decimals) : fixed(value, decimals);
  }

  /** Formats a duration in seconds, minutes or hours. */
  static String duration(double seconds) {
    if (seconds < 120) {
      return fixed(seconds, 1) + " s";
    }
    return seconds < 7200 ? fixed(seconds / 60, 1) + " min" : fixed(seconds / 3600, 1) + " h";
  }

  private static String decimals(double value) {
    double magnitude = Math.abs(value);
    if (magnitude < 0.001) {
      return new BigDecimal(value).round(new MathContext(3)).toPlainString();
    }
    int decimals = magnitude < 1 ? 4 : magnitude < 10 ? 3 : magnitude < 100 ? 2 : 1;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** Replaces a hyphen by the minus sign, which is as wide as a plus sign. */
  private static String withMinusSign(String number) {
    return number.startsWith("-") ? "−" + number.substring(1) : number;
  }
}
