package org.sparkvae.model.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FastMathTest {
  @Test
  void matchesMathToNineDigits() {
    for (double x = -60; x <= 60; x += 0.00037) {
      double exp = Math.exp(x);
      assertThat(FastMath.exp(x)).isCloseTo(exp, within(1e-9 * exp));
      assertThat(FastMath.sigmoid(x)).isCloseTo(1 / (1 + Math.exp(-x)), within(1e-9));
      assertThat(FastMath.tanh(x)).isCloseTo(Math.tanh(x), within(2e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        710,
        -710,
        1e300,
        0,
        -0.0
      })
  void matchesMathForExtremeArguments(double x) {
    assertThat(Double.valueOf(FastMath.exp(x))).isEqualTo(Double.valueOf(Math.exp(x)));
    assertThat(FastMath.tanh(x) + 0).isEqualTo(Double.valueOf(Math.tanh(x) + 0));
  }
}
