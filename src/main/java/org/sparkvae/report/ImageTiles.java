package org.sparkvae.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Images side by side: {@code scale} screen pixels per pixel, {@code scale} between two images. */
record ImageTiles(int rows, int columns, int scale) {
  /** Rows, and columns, of an image. */
  static final int SIDE = 28;

  /** Values of an image. */
  static final int PIXELS = SIDE * SIDE;

  private static final Color SEPARATOR = new Color(0xB0B0B0);

  int capacity() {
    return rows * columns;
  }

  /** Screen pixels from left to right. */
  int width() {
    return columns * pitch() + scale;
  }

  /** Screen pixels from top to bottom. */
  int height() {
    return rows * pitch() + scale;
  }

  /** Left edge of image {@code index} within the grid, in screen pixels. */
  int left(int index) {
    return scale + index % columns * pitch();
  }

  /** Top edge of image {@code index} within the grid, in screen pixels. */
  int top(int index) {
    return scale + index / columns * pitch();
  }

  /**
   * Paints with the grid's upper left corner at ({@code x}, {@code y}); spare places stay empty.
   */
  void paint(BufferedImage onto, int x, int y, List<float[]> images) {
    Graphics2D g = onto.createGraphics();
    g.setColor(SEPARATOR);
    g.fillRect(x, y, width(), height());
    g.dispose();
    for (int i = 0; i < images.size(); i++) {
      paint(onto, x + left(i), y + top(i), images.get(i));
    }
  }

  private void paint(BufferedImage onto, int x, int y, float[] image) {
    int side = SIDE * scale;
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        // Ink is white, as MNIST is mostly shown.
        int level = Math.round(image[row / scale * SIDE + column / scale] * 255);
        onto.setRGB(x + column, y + row, level << 16 | level << 8 | level);
      }
    }
  }

  private int pitch() {
    return (SIDE + 1) * scale;
  }
}
