package org.sparkvae.evaluation.metric;

import java.io.Serializable;
import java.util.List;

/** An exact nearest-neighbor index by Euclidean distance. */
public final class NearestNeighbors implements Serializable {
  /**
   * The number of vectors per block, so that their distances stay in the processor's first-level
   * cache.
   */
  private static final int BLOCK_SIZE = 1024;

  private final int count;

  /** The vectors as {@code [elements][vectors]}, for vectorized loops over the vectors. */
  private final float[][] elements;

  /** Creates an index of at least one vector; all vectors have the same length. */
  public NearestNeighbors(List<float[]> vectors) {
    count = vectors.size();
    elements = new float[vectors.get(0).length][count];
    for (int n = 0; n < count; n++) {
      float[] vector = vectors.get(n);
      for (int e = 0; e < elements.length; e++) {
        elements[e][n] = vector[e];
      }
    }
  }

  /** Returns the squared distances between a query vector and each indexed vector. */
  float[] squaredDistances(float[] vector) {
    return squaredDistances(List.of(vector))[0];
  }

  /** Returns the squared distances for several query vectors, in one pass over the index. */
  private float[][] squaredDistances(List<float[]> vectors) {
    float[][] distances = new float[vectors.size()][count];
    for (int from = 0; from < count; from += BLOCK_SIZE) {
      int to = Math.min(from + BLOCK_SIZE, count);
      int e = 0;
      for (; e + 3 < elements.length; e += 4) {
        for (int q = 0; q < distances.length; q++) {
          addFour(vectors.get(q), e, distances[q], from, to);
        }
      }
      for (; e < elements.length; e++) {
        for (int q = 0; q < distances.length; q++) {
          addOne(vectors.get(q), e, distances[q], from, to);
        }
      }
    }
    return distances;
  }

  private void addOne(float[] vector, int e, float[] distances, int from, int to) {
    float[] element = elements[e];
    float query = vector[e];
    for (int n = from; n < to; n++) {
      float difference = element[n] - query;
      distances[n] += difference * difference;
    }
  }

  /** Adds four elements at a time, which loads and stores the distances a quarter as often. */
  private void addFour(float[] vector, int e, float[] distances, int from, int to) {
    float[] first = elements[e];
    float[] second = elements[e + 1];
    float[] third = elements[e + 2];
    float[] fourth = elements[e + 3];
    float query1 = vector[e];
    float query2 = vector[e + 1];
    float query3 = vector[e + 2];
    float query4 = vector[e + 3];
    for (int n = from; n < to; n++) {
      float d1 = first[n] - query1;
      float d2 = second[n] - query2;
      float d3 = third[n] - query3;
      float d4 = fourth[n] - query4;
      distances[n] += d1 * d1 + d2 * d2 + (d3 * d3 + d4 * d4);
    }
  }

  /**
   * Returns the indices of the {@code k} nearest vectors to each query vector, nearest first; ties
   * are ordered by index. A dozen queries in one call are much faster than separate calls.
   */
  public int[][] nearest(List<float[]> vectors, int k) {
    float[][] distances = squaredDistances(vectors);
    int[][] nearest = new int[distances.length][];
    for (int q = 0; q < nearest.length; q++) {
      nearest[q] = smallest(distances[q], k);
    }
    return nearest;
  }

  static int[] smallest(float[] distances, int k) {
    int[] indices = new int[k];
    int found = 0;
    for (int n = 0; n < distances.length; n++) {
      if (found == k && distances[n] >= distances[indices[k - 1]]) {
        continue;
      }
      found = Math.min(found + 1, k);
      int position = found - 1;
      while (position > 0 && distances[n] < distances[indices[position - 1]]) {
        indices[position] = indices[position - 1];
        position--;
      }
      indices[position] = n;
    }
    if (found < k) {
      throw new IllegalArgumentException(
          "cannot find %d neighbors among %d vectors".formatted(k, distances.length));
    }
    return indices;
  }
}
