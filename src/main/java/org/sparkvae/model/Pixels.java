package org.sparkvae.model;

import java.util.List;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.image.ImageShape;

/** Conversions of an image's pixels, which are stored row by row. */
public final class Pixels {
  private Pixels() {}

  /**
   * Checks that an image has all of its bytes. DataFrames are checked when they enter the program;
   * this check detects a DataFrame that returns other rows when it is computed again.
   *
   * @throws InputDataException if it has more or fewer, or is null
   */
  public static void check(byte[] image) {
    if (image == null || image.length != ImageShape.PIXELS) {
      throw new InputDataException(
          "an image has %s bytes, expected %d. Correct the image."
              .formatted(image == null ? "no" : image.length, ImageShape.PIXELS));
    }
  }

  /** Converts unsigned bytes to gray values in [0, 1]. */
  public static float[] grayValues(byte[] image) {
    check(image);
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
