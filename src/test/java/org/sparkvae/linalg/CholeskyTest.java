package org.sparkvae.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CholeskyTest {
  /** The matrix [[4, 2], [2, 3]] has the determinant 8 and the inverse [[3, -2], [-2, 4]] / 8. */
  @Test
  void matchesManualCalculation() {
    Cholesky cholesky = Cholesky.of(new double[][] {{4, 2}, {2, 3}});
    assertThat(cholesky.logDeterminant()).isCloseTo(Math.log(8), within(1e-12));
    assertThat(cholesky.squaredDistance(new double[] {3, 7}, new double[] {2, 5}))
        .isCloseTo((3 - 8 + 16) / 8.0, within(1e-12));
  }
}
