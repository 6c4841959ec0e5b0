package org.sparkvae.sampling;

import java.util.ArrayList;
import java.util.List;

/** Linear interpolation between latent variables. */
public final class Interpolation {
  private Interpolation() {}

  /**
   * Returns equally spaced points on the straight line between two latent variables, both ends
   * included.
   *
   * @param steps the number of points, at least 2
   */
  public static List<float[]> between(float[] from, float[] to, int steps) {
    List<float[]> points = new ArrayList<>(steps);
    for (int step = 0; step < steps; step++) {
      float fraction = (float) step / (steps - 1);
      float[] point = new float[from.length];
      for (int i = 0; i < point.length; i++) {
        point[i] = (1 - fraction) * from[i] + fraction * to[i];
      }
      points.add(point);
    }
    return points;
  }
}
