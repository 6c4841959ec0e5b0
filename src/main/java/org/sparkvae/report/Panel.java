package org.sparkvae.report;

import java.util.List;
import java.util.Objects;

/**
 * One grid of a figure that has several.
 *
 * @param heading the words above this grid; may be empty
 * @param images 28×28 images, each 784 values in [0,1] row by row, 1 = ink
 */
public record Panel(String heading, List<float[]> images) {
  /** Refuses null, no images, a wrong length, and values that are not in [0,1]. */
  public Panel {
    Objects.requireNonNull(heading, "heading");
    images = List.copyOf(images);
    if (images.isEmpty()) {
      throw new IllegalArgumentException("a grid needs at least one image");
    }
    for (int i = 0; i < images.size(); i++) {
      check(i, images.get(i));
    }
  }

  private static void check(int index, float[] image) {
    if (image.length != ImageTiles.PIXELS) {
      throw new IllegalArgumentException(
          "image %d has %d values, not %d".formatted(index, image.length, ImageTiles.PIXELS));
    }
    for (int p = 0; p < image.length; p++) {
      // Written so that NaN is refused too.
      if (!(image[p] >= 0 && image[p] <= 1)) {
        throw new IllegalArgumentException(
            "image %d has %s at row %d, column %d, outside [0,1]"
                .formatted(index, image[p], p / ImageTiles.SIDE, p % ImageTiles.SIDE));
      }
    }
  }
}
