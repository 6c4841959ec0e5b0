package org.sparkvae.sampling;

import java.util.ArrayList;
import java.util.List;

/** What lies between two latent variables. */
public final class Interpolation {
  private Interpolation() {}

  /**
   * The points of the straight line from one to the other, at equal distances, both ends included.
   *
   * @param steps two or more
   */
  public static List<float[]> between(float[] from, float[] to, int steps) {
    List<float[]> points = new ArrayList<>(steps);
    for (int step = 0; step < steps; step++) {
      float share = (float) step / (steps - 1);
      float[] point = new float[from.length];
      for (int i = 0; i < point.length; i++) {
        point[i] = (1 - share) * from[i] + share * to[i];
      }
      points.add(point);
    }
    return points;
  }
}
