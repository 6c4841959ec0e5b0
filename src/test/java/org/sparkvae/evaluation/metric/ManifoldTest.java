package org.sparkvae.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ManifoldTest {
  /** On a line at 0, 1, 3, 7 and 8; to the third nearest it is 7, 6, 4, 6 and 7. */
  private final Manifold manifold =
      Manifold.of(
          List.of(
              new float[] {0, 0},
              new float[] {1, 0},
              new float[] {3, 0},
              new float[] {7, 0},
              new float[] {8, 0}));

  private double share(float x, float y) {
    return manifold.share(List.of(new float[] {x, y}));
  }

  @Test
  void isTheUnionOfBallsToTheThirdNearest() {
    assertThat(share(-7, 0)).isEqualTo(1);
    assertThat(share(-7.01f, 0)).isZero();
    assertThat(share(15, 0)).isEqualTo(1);
    assertThat(share(15.01f, 0)).isZero();
    assertThat(share(4, 5)).isEqualTo(1);
    assertThat(share(4, 7)).isZero();
  }

  @Test
  void sharesAreOfTheVectors() {
    assertThat(
            manifold.share(
                List.of(
                    new float[] {0, 0},
                    new float[] {100, 0},
                    new float[] {1, 1},
                    new float[] {0, 50})))
        .isEqualTo(0.5);
  }

  @Test
  void anExampleTwiceIsItsOwnNeighbour() {
    float[] twice = {5, 5};
    Manifold narrow = Manifold.of(List.of(twice, twice, twice, twice));
    assertThat(narrow.share(List.of(twice, new float[] {5, 5.1f}))).isEqualTo(0.5);
  }
}
