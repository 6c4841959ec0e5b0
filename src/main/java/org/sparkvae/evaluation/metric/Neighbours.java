package org.sparkvae.evaluation.metric;

import java.io.Serializable;
import java.util.List;

/** Vectors that others are near to, by Euclidean distance. */
public final class Neighbours implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Vectors of which the distances stay in the processor's nearest cache. */
  private static final int AT_A_TIME = 2048;

  private final int count;

  /** {@code [elements][vectors]}: the processor then takes many vectors at a time. */
  private final float[][] elements;

  /** Of one vector or more, of equal length. */
  public Neighbours(List<float[]> vectors) {
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
    float[] distances = new float[count];
    for (int from = 0; from < count; from += AT_A_TIME) {
      int to = Math.min(from + AT_A_TIME, count);
      for (int e = 0; e < elements.length; e++) {
        float[] element = elements[e];
        float own = vector[e];
        for (int n = from; n < to; n++) {
          float difference = element[n] - own;
          distances[n] += difference * difference;
        }
      }
    }
    return distances;
  }

  /**
   * The places of the {@code k} nearest to a vector, nearest first; of two as near, that which
   * comes first.
   */
  public int[] nearest(float[] vector, int k) {
    return smallest(squaredDistances(vector), k);
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
