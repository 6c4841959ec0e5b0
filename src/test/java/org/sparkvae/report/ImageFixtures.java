package org.sparkvae.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.sparkvae.image.ImageShape;

/** Test images, and functions that examine rendered images. */
final class ImageFixtures {
  private ImageFixtures() {}

  static float[] blank() {
    return new float[ImageShape.PIXELS];
  }

  /** Returns an image with ink at one pixel only. */
  static float[] dot(int row, int column, float ink) {
    float[] image = blank();
    image[row * ImageShape.COLUMNS + column] = ink;
    return image;
  }

  /** Returns blank images, except for the one at {@code index}. */
  static List<float[]> blankExcept(int count, int index, float[] image) {
    return IntStream.range(0, count).mapToObj(i -> i == index ? image : blank()).toList();
  }

  static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xFFFFFF;
  }

  /** Counts dark pixels, such as those of text, from row {@code from} to {@code to}, exclusive. */
  static int darkPixels(BufferedImage image, int from, int to) {
    int dark = 0;
    for (int y = from; y < to; y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        dark += (rgb(image, x, y) & 0xFF) < 0x80 ? 1 : 0;
      }
    }
    return dark;
  }

  static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    FigureFiles.writePng(image, bytes);
    return bytes.toByteArray();
  }
}
