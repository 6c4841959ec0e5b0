package org.sparkvae.image;

/** The shape of all images, which is MNIST's. Pixels are stored row by row. */
public final class ImageShape {
  public static final int ROWS = 28;
  public static final int COLUMNS = 28;

  /** The number of pixels of an image. */
  public static final int PIXELS = ROWS * COLUMNS;

  private ImageShape() {}
}
