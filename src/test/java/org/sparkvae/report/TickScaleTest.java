package org.sparkvae.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TickScaleTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 3, 1",
    "1, 11, 1",
    "1, 12, 2",
    "1, 50, 5",
    "1, 400, 50",
    "0, 10000, 1000"
  })
  void usesWholeStepsForEpochs(int first, int last, String step) {
    TickScale scale = TickScale.ofWholeNumbers(first, last);

    assertThat(scale.label(1)).isEqualTo(step);
    assertThat(scale.low()).isLessThan(scale.steps(first));
    assertThat(scale.high()).isGreaterThan(scale.steps(last));
  }

  @ParameterizedTest
  @CsvSource({
    "0.158, 0.27, 0.02",
    "0.014, 0.023, 0.001",
    "0, 0.1, 0.01",
    "0.000498, 0.000511, 0.000002",
    "3, 1000, 100",
    "-5, 5, 1"
  })
  void usesRoundStepsForValues(double min, double max, String step) {
    assertThat(TickScale.ofValues(min, max).label(1)).isEqualTo(step);
  }

  @Test
  void labelsEveryTickWithTheSameDecimals() {
    TickScale scale = TickScale.ofValues(0.158, 0.27);

    assertThat(scale.label(8)).isEqualTo("0.16");
    assertThat(scale.label(10)).isEqualTo("0.20");
    assertThat(scale.label(-1)).isEqualTo("-0.02");
  }

  @ParameterizedTest
  @CsvSource({"0", "0.3", "-0.3", "1e-30", "1e30"})
  void showsASingleValueInTheMiddle(double value) {
    TickScale scale = TickScale.ofValues(value, value);

    double position = (scale.steps(value) - scale.low()) / (scale.high() - scale.low());
    assertThat(position).isBetween(0.45, 0.55);
  }

  @Test
  void padsTheUpperEndMore() {
    TickScale scale = TickScale.ofValues(0.1, 0.2);

    assertThat(scale.high() - scale.steps(0.2))
        .isGreaterThan(scale.steps(0.1) - scale.low() + 0.001);
  }
}
