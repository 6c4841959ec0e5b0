package org.sparkvae.evaluation;

import java.util.List;

/** Pixels as metrics want them. */
final class Pixels {
  private Pixels() {}

  /** Unsigned bytes as values in [0, 1]. */
  static float[] greys(byte[] image) {
    float[] greys = new float[image.length];
    for (int i = 0; i < greys.length; i++) {
      greys[i] = (image[i] & 0xff) / 255f;
    }
    return greys;
  }

  /** A column of Spark's as an array. */
  static float[] array(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
