package org.sparkvae.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CholeskyTest {
  /** [[4, 2], [2, 3]] has determinant 8 and inverse [[3, -2], [-2, 4]] / 8. */
  @Test
  void isAsByHand() {
    Cholesky parts = Cholesky.of(new double[][] {{4, 2}, {2, 3}});
    assertThat(parts.logDeterminant()).isCloseTo(Math.log(8), within(1e-12));
    assertThat(parts.squaredDistance(new double[] {3, 7}, new double[] {2, 5}))
        .isCloseTo((3 - 8 + 16) / 8.0, within(1e-12));
  }
}
