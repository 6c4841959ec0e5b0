package org.sparkvae.report;

import java.util.List;
import java.util.Objects;
import org.sparkvae.image.ImageShape;

/**
 * The content of one grid in a figure.
 *
 * @param heading the text above this grid; may be empty
 * @param images images, each a value in [0,1] per pixel, row by row, 1 = ink
 */
public record Panel(String heading, List<float[]> images) {
  /** Rejects null, an empty list, images of a wrong length and values outside [0,1]. */
  public Panel {
    Objects.requireNonNull(heading, "heading");
    images = List.copyOf(images);
    if (images.isEmpty()) {
      throw new IllegalArgumentException("The grid has no image. It needs at least one.");
    }
    for (int i = 0; i < images.size(); i++) {
      check(i, images.get(i));
    }
  }

  private static void check(int index, float[] image) {
    if (image.length != ImageShape.PIXELS) {
      throw new IllegalArgumentException(
          "image %d has %d values, expected %d.".formatted(index, image.length, ImageShape.PIXELS));
    }
    for (int pixel = 0; pixel < image.length; pixel++) {
      // The condition is negated so that it also rejects NaN.
      if (!(image[pixel] >= 0 && image[pixel] <= 1)) {
        throw new IllegalArgumentException(
            "image %d has value %s at row %d, column %d, expected a value in [0,1]."
                .formatted(
                    index, image[pixel], pixel / ImageShape.COLUMNS, pixel % ImageShape.COLUMNS));
      }
    }
  }
}
