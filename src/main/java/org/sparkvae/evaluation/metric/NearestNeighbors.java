package org.sparkvae.evaluation.metric;

import java.io.Serializable;
import java.util.List;

/** Vectors that others are near to, by Euclidean distance. */
public final class NearestNeighbors implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Vectors of which the distances stay in the processor's nearest cache. */
  private static final int AT_A_TIME = 1024;

  private final int count;

  /** {@code [elements][vectors]}: the processor then takes many vectors at a time. */
  private final float[][] elements;

  /** Of one vector or more, of equal length. */
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

  /** Squared distances of a vector to each, in their order. */
  float[] squaredDistances(float[] vector) {
    return squaredDistances(List.of(vector))[0];
  }

  /** The same of several vectors, for which these here are read from memory once. */
  private float[][] squaredDistances(List<float[]> vectors) {
    float[][] distances = new float[vectors.size()][count];
    for (int from = 0; from < count; from += AT_A_TIME) {
      int to = Math.min(from + AT_A_TIME, count);
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
    float own = vector[e];
    for (int n = from; n < to; n++) {
      float difference = element[n] - own;
      distances[n] += difference * difference;
    }
  }

  /** Four elements at a time, so that distances are fetched and put back a quarter as often. */
  private void addFour(float[] vector, int e, float[] distances, int from, int to) {
    float[] first = elements[e];
    float[] second = elements[e + 1];
    float[] third = elements[e + 2];
    float[] fourth = elements[e + 3];
    float own1 = vector[e];
    float own2 = vector[e + 1];
    float own3 = vector[e + 2];
    float own4 = vector[e + 3];
    for (int n = from; n < to; n++) {
      float d1 = first[n] - own1;
      float d2 = second[n] - own2;
      float d3 = third[n] - own3;
      float d4 = fourth[n] - own4;
      distances[n] += d1 * d1 + d2 * d2 + (d3 * d3 + d4 * d4);
    }
  }

  /**
   * The places of the {@code k} nearest to each of some vectors, nearest first; of two as near,
   * that which comes first. A dozen vectors at once take much less time than one after the other.
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
    int[] places = new int[k];
    int found = 0;
    for (int n = 0; n < distances.length; n++) {
      if (found == k && distances[n] >= distances[places[k - 1]]) {
        continue;
      }
      found = Math.min(found + 1, k);
      int place = found - 1;
      while (place > 0 && distances[n] < distances[places[place - 1]]) {
        places[place] = places[place - 1];
        place--;
      }
      places[place] = n;
    }
    if (found < k) {
      throw new IllegalArgumentException("%d neighbours among %d".formatted(k, distances.length));
    }
    return places;
  }
}
