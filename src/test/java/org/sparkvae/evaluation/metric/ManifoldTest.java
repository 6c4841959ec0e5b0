package org.sparkvae.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ManifoldTest {
  /**
   * The examples lie on a line at 0, 1, 3, 7 and 8. The distances to the third nearest are 7, 6, 4,
   * 6 and 7.
   */
  private final Manifold manifold =
      Manifold.of(
          List.of(
              new float[] {0, 0},
              new float[] {1, 0},
              new float[] {3, 0},
              new float[] {7, 0},
              new float[] {8, 0}));

  private double fractionInside(float x, float y) {
    return manifold.fractionInside(List.of(new float[] {x, y}));
  }

  @Test
  void isTheUnionOfBallsToTheThirdNearestNeighbor() {
    assertThat(fractionInside(-7, 0)).isEqualTo(1);
    assertThat(fractionInside(-7.01f, 0)).isZero();
    assertThat(fractionInside(15, 0)).isEqualTo(1);
    assertThat(fractionInside(15.01f, 0)).isZero();
    assertThat(fractionInside(4, 5)).isEqualTo(1);
    assertThat(fractionInside(4, 7)).isZero();
  }

  @Test
  void returnsTheFractionOfVectors() {
    assertThat(
            manifold.fractionInside(
                List.of(
                    new float[] {0, 0},
                    new float[] {100, 0},
                    new float[] {1, 1},
                    new float[] {0, 50})))
        .isEqualTo(0.5);
  }

  @Test
  void countsDuplicatesAsNeighbors() {
    float[] duplicate = {5, 5};
    Manifold narrow = Manifold.of(List.of(duplicate, duplicate, duplicate, duplicate));
    assertThat(narrow.fractionInside(List.of(duplicate, new float[] {5, 5.1f}))).isEqualTo(0.5);
  }
}
