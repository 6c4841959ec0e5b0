package org.sparkvae.model;

import java.util.List;

/** An image's pixels, row by row. */
public final class Pixels {
  private Pixels() {}

  /** Unsigned bytes as values in [0, 1]. */
  public static float[] greys(byte[] image) {
    float[] greys = new float[image.length];
    for (int i = 0; i < greys.length; i++) {
      greys[i] = (image[i] & 0xff) / 255f;
    }
    return greys;
  }

  /** Values in [0, 1] as a table holds them. */
  public static float[] array(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
