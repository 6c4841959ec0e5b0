package org.sparkvae.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NeighboursTest {
  private static final List<float[]> LINE =
      List.of(new float[] {7, 0}, new float[] {0, 0}, new float[] {3, 0}, new float[] {1, 0});
  private final Neighbours line = new Neighbours(LINE);

  @Test
  void distancesAreSquaredAndInOrder() {
    assertThat(line.squaredDistances(new float[] {1, 2})).containsExactly(40, 5, 8, 4);
  }

  @Test
  void nearestComeFirstAndEarlierOnesAmongEquals() {
    assertThat(line.nearest(new float[] {0.9f, 5}, 3)).containsExactly(3, 1, 2);
    assertThat(line.nearest(new float[] {2, 0}, 2)).containsExactly(2, 3);
    assertThat(line.nearest(new float[] {9, 0}, 4)).containsExactly(0, 2, 3, 1);
  }

  @Test
  void moreNeighboursThanThereAre() {
    assertThatThrownBy(() -> line.nearest(new float[] {0, 0}, 5))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
