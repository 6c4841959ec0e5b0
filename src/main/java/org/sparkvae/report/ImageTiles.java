package org.sparkvae.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.sparkvae.image.ImageShape;

/** The images of a grid, {@code scale} screen pixels per pixel and {@code scale} between images. */
record ImageTiles(int rows, int columns, int scale) {
  private static final Color SEPARATOR = new Color(0xB0B0B0);

  int capacity() {
    return rows * columns;
  }

  /** Returns the width in screen pixels. */
  int width() {
    return columns * columnPitch() + scale;
  }

  /** Returns the height in screen pixels. */
  int height() {
    return rows * rowPitch() + scale;
  }

  /** Returns the left edge of image {@code index} within the grid, in screen pixels. */
  int left(int index) {
    return scale + index % columns * columnPitch();
  }

  /** Returns the top edge of image {@code index} within the grid, in screen pixels. */
  int top(int index) {
    return scale + index / columns * rowPitch();
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
    for (int row = 0; row < ImageShape.ROWS * scale; row++) {
      for (int column = 0; column < ImageShape.COLUMNS * scale; column++) {
        // MNIST is usually shown with white ink.
        int level = Math.round(image[row / scale * ImageShape.COLUMNS + column / scale] * 255);
        target.setRGB(x + column, y + row, level << 16 | level << 8 | level);
      }
    }
  }

  private int columnPitch() {
    return (ImageShape.COLUMNS + 1) * scale;
  }

  private int rowPitch() {
    return (ImageShape.ROWS + 1) * scale;
  }
}
