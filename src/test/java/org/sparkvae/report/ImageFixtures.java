package org.sparkvae.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** Images to draw, and questions about what was drawn. */
final class ImageFixtures {
  private ImageFixtures() {}

  static float[] blank() {
    return new float[ImageTiles.PIXELS];
  }

  /** No ink but at one pixel. */
  static float[] dot(int row, int column, float ink) {
    float[] image = blank();
    image[row * ImageTiles.SIDE + column] = ink;
    return image;
  }

  /** {@code count} images without ink, but for the one at {@code index}. */
  static List<float[]> blankBut(int count, int index, float[] image) {
    return IntStream.range(0, count).mapToObj(i -> i == index ? image : blank()).toList();
  }

  static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xFFFFFF;
  }

  /** Dark pixels, such as text has, in the rows {@code from} to {@code to}, exclusive. */
  static int darkRows(BufferedImage image, int from, int to) {
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
