package org.sparkvae.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ImportanceWeightedBoundTest {
  @Test
  void equalsTheLogarithmOfTheMeanWeight() {
    double bound = ImportanceWeightedBound.of(Math.log(1), Math.log(2), Math.log(6));
    assertThat(bound).isCloseTo(Math.log(3), within(1e-12));
  }

  @Test
  void equalsTheLogarithmOfASingleWeight() {
    assertThat(ImportanceWeightedBound.of(-100.5)).isEqualTo(-100.5);
  }

  /** e^−2000 is 0 in double precision. */
  @Test
  void doesNotUnderflow() {
    assertThat(ImportanceWeightedBound.of(-2000, -2000 + Math.log(3)))
        .isCloseTo(-2000 + Math.log(2), within(1e-9));
  }

  /** By Jensen's inequality, the bound is never below the ELBO of the same samples. */
  @Test
  void exceedsTheMeanOfTheLogarithms() {
    assertThat(ImportanceWeightedBound.of(-90, -80, -100)).isBetween(-90.0, -80.0);
  }
}
