package org.sparkvae.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SymmetricSquareRootTest {
  /** The matrix [[5, 4], [4, 5]] is the square of [[2, 1], [1, 2]]. */
  @Test
  void matchesManualCalculation() {
    double[][] square = {{5, 4}, {4, 5}};
    double[][] root = SymmetricSquareRoot.of(square);
    assertThat(root[0]).containsExactly(new double[] {2, 1}, within(1e-12));
    assertThat(root[1]).containsExactly(new double[] {1, 2}, within(1e-12));
    assertThat(SymmetricSquareRoot.trace(square)).isCloseTo(4, within(1e-12));
  }

  @Test
  void supportsSingularAndSlightlyAsymmetricMatrices() {
    double[][] nearlySingular = {{1, 1 + 1e-14}, {1, 1 - 1e-14}};
    double half = Math.sqrt(0.5);
    for (double[] row : SymmetricSquareRoot.of(nearlySingular)) {
      assertThat(row).containsExactly(new double[] {half, half}, within(1e-6));
    }
    assertThat(SymmetricSquareRoot.trace(new double[][] {{0, 0}, {0, 0}})).isZero();
  }
}
