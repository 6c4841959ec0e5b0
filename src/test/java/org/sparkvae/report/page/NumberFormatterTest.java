package org.sparkvae.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberFormatterTest {
  @ParameterizedTest
  @CsvSource({
    "0.27925845, 0.2793",
    "1.2346, 1.235",
    "12.0893, 12.09",
    "-266.685, −266.7",
    "12345.67, '12,345.7'",
    "2630, '2,630'",
    "0, 0",
    "0.00012617, 0.000126",
    "-3.1e-9, −0.00000000310",
    "NaN, –"
  })
  void formatsAboutFourSignificantDigits(double value, String text) {
    assertThat(NumberFormatter.text(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.5, +0.5000", "-0.5, −0.5000", "0, 0"})
  void formatsDifferencesWithASign(double value, String text) {
    assertThat(NumberFormatter.signed(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"1.26, 1.3 s", "119.9, 119.9 s", "132, 2.2 min", "7300, 2.0 h"})
  void choosesTheUnitOfADuration(double seconds, String text) {
    assertThat(NumberFormatter.duration(seconds)).isEqualTo(text);
  }

  @Test
  void formatsAMissingValueAsADash() {
    assertThat(NumberFormatter.text(null)).isEqualTo("–");
  }
}
