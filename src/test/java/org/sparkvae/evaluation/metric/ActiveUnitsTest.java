package org.sparkvae.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ActiveUnitsTest {
  /** The variances are 0, 0.0081 (a standard deviation of 0.09), 0.0121 and 1. */
  @Test
  void countsVariancesAboveAHundredth() {
    ActiveUnits units = new ActiveUnits(4);
    units.add(new float[] {5, 0.09f, 3.11f, -1});
    units.add(new float[] {5, -0.09f, 2.89f, 1});
    assertThat(units.count()).isEqualTo(2);
  }

  @Test
  void addsAnotherCount() {
    ActiveUnits first = new ActiveUnits(2);
    first.add(new float[] {1, 4});
    ActiveUnits second = new ActiveUnits(2);
    second.add(new float[] {1, 5});
    assertThat(first.count()).isZero();
    first.add(second);
    assertThat(first.count()).isEqualTo(1);
  }
}
