package org.sparkvae.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SymmetricEigenTest {
  @Test
  void isAsByHand() {
    SymmetricEigen parts = SymmetricEigen.of(new double[][] {{2, 1}, {1, 2}});
    assertThat(parts.values()).containsExactly(new double[] {3, 1}, within(1e-12));
    double half = Math.sqrt(0.5);
    assertThat(Math.abs(parts.vectors()[0][0])).isCloseTo(half, within(1e-12));
    assertThat(parts.vectors()[0][0]).isCloseTo(parts.vectors()[0][1], within(1e-12));
    assertThat(parts.vectors()[1][0]).isCloseTo(-parts.vectors()[1][1], within(1e-12));
  }

  /** As covariances of fewer images than components are, with sizes far apart. */
  @Test
  void putTogetherAgainItIsTheMatrix() {
    Random random = new Random(1);
    for (int size = 1; size <= 64; size++) {
      int rank = 1 + random.nextInt(size);
      double[][] matrix = new double[size][size];
      for (int k = 0; k < rank; k++) {
        double[] part = random.doubles(size, -1, 1).toArray();
        double scale = Math.pow(10, -random.nextInt(18));
        for (int i = 0; i < size; i++) {
          for (int j = 0; j < size; j++) {
            matrix[i][j] += scale * part[i] * part[j];
          }
        }
      }
      assertPutTogether(SymmetricEigen.of(matrix), matrix);
    }
  }

  private static void assertPutTogether(SymmetricEigen parts, double[][] matrix) {
    int size = matrix.length;
    assertThat(parts.values()).isSortedAccordingTo((one, other) -> Double.compare(other, one));
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double sum = 0;
        for (int k = 0; k < size; k++) {
          sum += parts.values()[k] * parts.vectors()[k][i] * parts.vectors()[k][j];
        }
        assertThat(sum).isCloseTo(matrix[i][j], within(1e-12 * parts.values()[0]));
      }
    }
  }

  @Test
  void refusesWhatIsNoNumber() {
    assertThatThrownBy(() -> SymmetricEigen.of(new double[][] {{1, 0}, {0, Double.NaN}}))
        .hasMessageContaining("row 1, column 1");
  }
}
