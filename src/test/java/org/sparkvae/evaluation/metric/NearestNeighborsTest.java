package org.sparkvae.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestNeighborsTest {
  private static final List<float[]> LINE =
      List.of(new float[] {7, 0}, new float[] {0, 0}, new float[] {3, 0}, new float[] {1, 0});
  private final NearestNeighbors line = new NearestNeighbors(LINE);

  @Test
  void returnsSquaredDistancesInOrder() {
    assertThat(line.squaredDistances(new float[] {1, 2})).containsExactly(40, 5, 8, 4);
  }

  @Test
  void sortsByDistanceThenIndex() {
    float[][] queries = {{0.9f, 5}, {2, 0}, {9, 0}};
    assertThat(line.nearest(List.of(queries), 3))
        .isDeepEqualTo(new int[][] {{3, 1, 2}, {2, 3, 1}, {0, 2, 3}});
  }

  /** More vectors than fit into a block, with a length that is not a multiple of four. */
  @Test
  void findsNeighborsAcrossBlocks() {
    Random random = new Random(3);
    List<float[]> vectors = new ArrayList<>();
    for (int n = 0; n < 2500; n++) {
      float[] vector = new float[7];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = random.nextFloat();
      }
      vectors.add(vector);
    }
    NearestNeighbors neighbors = new NearestNeighbors(vectors);
    int[][] nearest = neighbors.nearest(vectors.subList(0, 20), 1);
    for (int q = 0; q < nearest.length; q++) {
      assertThat(nearest[q]).containsExactly(q);
      float[] distances = neighbors.squaredDistances(vectors.get(q));
      for (int n = 0; n < distances.length; n++) {
        double expected = 0;
        for (int i = 0; i < 7; i++) {
          expected += Math.pow(vectors.get(q)[i] - vectors.get(n)[i], 2);
        }
        assertThat((double) distances[n]).isCloseTo(expected, within(1e-5));
      }
    }
  }

  @Test
  void rejectsMoreNeighborsThanVectors() {
    assertThatThrownBy(() -> line.nearest(List.of(new float[] {0, 0}), 5))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
