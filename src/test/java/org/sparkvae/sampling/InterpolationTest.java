package org.sparkvae.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InterpolationTest {
  @Test
  void returnsEvenStepsIncludingBothEnds() {
    List<float[]> line = Interpolation.between(new float[] {0, 1}, new float[] {4, -1}, 5);
    assertThat(line)
        .containsExactly(
            new float[] {0, 1},
            new float[] {1, 0.5f},
            new float[] {2, 0},
            new float[] {3, -0.5f},
            new float[] {4, -1});
  }
}
