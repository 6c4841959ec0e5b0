package org.sparkvae.report.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as a reader wants them: some four digits that tell something. */
final class NumberFormatter {
  static final String NONE = "–";

  private NumberFormatter() {}

  /** An absent value is a dash. */
  static String text(Double value) {
    if (value == null || value.isNaN()) {
      return NONE;
    }
    return minus(value == Math.rint(value) ? whole(value) : decimals(value));
  }

  /** The same with a sign in front of a positive number too. */
  static String signed(double value) {
    return value > 0 ? "+" + text(value) : text(value);
  }

  /** A count, with thousands apart. */
  static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  /** With as many decimals as asked, such as a column of a table needs. */
  static String fixed(double value, int decimals) {
    return Double.isNaN(value)
        ? NONE
        : minus(String.format(Locale.ROOT, "%." + decimals + "f", value));
  }

  /** The same with a sign in front of a positive number too. */
  static String signedFixed(double value, int decimals) {
    return value > 0 ? "+" + fixed(value, decimals) : fixed(value, decimals);
  }

  /** A span of time in the unit that suits it. */
  static String duration(double seconds) {
    if (seconds < 120) {
      return fixed(seconds, 1) + " s";
    }
    return seconds < 7200 ? fixed(seconds / 60, 1) + " min" : fixed(seconds / 3600, 1) + " h";
  }

  private static String decimals(double value) {
    double size = Math.abs(value);
    if (size < 0.001) {
      return new BigDecimal(value).round(new MathContext(3)).toPlainString();
    }
    int decimals = size < 1 ? 4 : size < 10 ? 3 : size < 100 ? 2 : 1;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** The sign that is as wide as a plus. */
  private static String minus(String number) {
    return number.startsWith("-") ? "−" + number.substring(1) : number;
  }
}
