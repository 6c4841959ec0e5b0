package org.sparkvae.config;

import org.apache.commons.lang3.StringUtils;

/**
 * An interval of numbers.
 *
 * @param text the interval in mathematical notation, such as {@code [0, 1)} or {@code (0, ∞)}
 */
record NumberRange(String text) {
  boolean contains(double number) {
    double lower = bound(lower());
    double upper = bound(upper());
    return (text.startsWith("[") ? number >= lower : number > lower)
        && (text.endsWith("]") ? number <= upper : number < upper);
  }

  /**
   * Returns the range in words, such as "a number in [0, 1)" or "a number above 0".
   *
   * @param number what the range consists of, such as "a number"
   */
  String describe(String number) {
    if (upper().equals("∞")) {
      return (text.startsWith("[") ? "%s of %s or more" : "%s above %s").formatted(number, lower());
    }
    return text.startsWith("[") && text.endsWith("]")
        ? "%s from %s to %s".formatted(number, lower(), upper())
        : "%s in %s".formatted(number, text);
  }

  private String lower() {
    return StringUtils.substringBefore(text, ", ").substring(1);
  }

  private String upper() {
    return StringUtils.chop(StringUtils.substringAfter(text, ", "));
  }

  private static double bound(String text) {
    return Double.parseDouble(text.replace("∞", "Infinity"));
  }
}
