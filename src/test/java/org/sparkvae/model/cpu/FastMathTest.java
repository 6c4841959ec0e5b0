package org.sparkvae.model.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FastMathTest {
  @Test
  void matchesMathToEightDigits() {
    double[] x =
        DoubleStream.iterate(-88, value -> value <= 88, value -> value + 0.00037).toArray();
    double[] exp = x.clone();
    double[] sigmoid = x.clone();
    double[] tanh = x.clone();

    FastMath.exp(exp, x.length);
    FastMath.sigmoid(sigmoid, x.length);
    FastMath.tanh(tanh, x.length);

    for (int i = 0; i < x.length; i++) {
      double expected = Math.exp(x[i]);
      assertThat(exp[i]).isCloseTo(expected, within(1e-8 * expected));
      assertThat(sigmoid[i]).isCloseTo(1 / (1 + Math.exp(-x[i])), within(1e-8));
      assertThat(tanh[i]).isCloseTo(Math.tanh(x[i]), within(2e-8));
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
    double[] values = {x};
    FastMath.exp(values, 1);
    assertThat(Float.valueOf((float) values[0])).isEqualTo(Float.valueOf((float) Math.exp(x)));
    values[0] = x;
    FastMath.tanh(values, 1);
    assertThat(Float.valueOf((float) values[0] + 0))
        .isEqualTo(Float.valueOf((float) Math.tanh(x) + 0));
  }
}
