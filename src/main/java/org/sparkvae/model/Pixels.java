package org.sparkvae.model;

import java.util.List;

/** Conversions of an image's pixels, which are stored row by row. */
public final class Pixels {
  private Pixels() {}

  /** Converts unsigned bytes to gray values in [0, 1]. */
  public static float[] grayValues(byte[] image) {
    float[] values = new float[image.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (image[i] & 0xff) / 255f;
    }
    return values;
  }

  /** Converts the list that Spark returns for an array column to an array. */
  public static float[] toArray(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
