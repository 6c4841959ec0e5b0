package org.sparkvae.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** The images of a grid, {@code scale} screen pixels per pixel and {@code scale} between images. */
record ImageTiles(int rows, int columns, int scale) {
  /** The number of rows and of columns of an image. */
  static final int SIDE = 28;

  /** The number of values of an image. */
  static final int PIXELS = SIDE * SIDE;

  private static final Color SEPARATOR = new Color(0xB0B0B0);

  int capacity() {
    return rows * columns;
  }

  /** Returns the width in screen pixels. */
  int width() {
    return columns * pitch() + scale;
  }

  /** Returns the height in screen pixels. */
  int height() {
    return rows * pitch() + scale;
  }

  /** Returns the left edge of image {@code index} within the grid, in screen pixels. */
  int left(int index) {
    return scale + index % columns * pitch();
  }

  /** Returns the top edge of image {@code index} within the grid, in screen pixels. */
  int top(int index) {
    return scale + index / columns * pitch();
  }

  /**
   * Paints the images with the upper left corner of the grid at ({@code x}, {@code y}). Unused
   * cells stay empty.
   */
  void paint(BufferedImage target, int x, int y, List<float[]> images) {
    Graphics2D g = target.createGraphics();
    g.setColor(SEPARATOR);
    g.fillRect(x, y, width(), height());
    g.dispose();
    for (int i = 0; i < images.size(); i++) {
      paint(target, x + left(i), y + top(i), images.get(i));
    }
  }

  private void paint(BufferedImage target, int x, int y, float[] image) {
    int side = SIDE * scale;
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        // MNIST is usually shown with white ink.
        int level = Math.round(image[row / scale * SIDE + column / scale] * 255);
        target.setRGB(x + column, y + row, level << 16 | level << 8 | level);
      }
    }
  }

  private int pitch() {
    return (SIDE + 1) * scale;
  }
}
