package org.sparkvae.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A minibatch of images as Deeplearning4j's {@code MultiDataSet}. It travels and waits as bytes, an
 * eighth of what features and labels take; the arrays are made where and when they are used.
 *
 * <p>Features: image {@code [minibatch, 28 columns, 28 rows]} and noise key {@code [minibatch, 1,
 * 28]}. Labels: the image again, {@code [minibatch, 28 rows, 28 columns]}.
 */
public final class Minibatch extends MultiDataSet {
  private static final long serialVersionUID = 1L;

  private final byte[][] images;
  private final long[] noiseKeys;

  /**
   * Takes images over, not copying them.
   *
   * @param images 784 unsigned bytes each, row by row
   * @param noiseKeys one {@link NoiseKey} per image
   */
  public Minibatch(byte[][] images, long[] noiseKeys) {
    if (images.length != noiseKeys.length || images.length == 0) {
      throw new IllegalArgumentException(
          "%d images and %d noise keys".formatted(images.length, noiseKeys.length));
    }
    this.images = images;
    this.noiseKeys = noiseKeys;
  }

  /** Number of images. */
  public int size() {
    return images.length;
  }

  @Override
  public INDArray[] getFeatures() {
    int side = Architecture.SIDE;
    float[] pixels = new float[images.length * Architecture.PIXELS];
    float[] keys = new float[images.length * side];
    for (int n = 0; n < images.length; n++) {
      int offset = n * Architecture.PIXELS;
      for (int row = 0; row < side; row++) {
        for (int column = 0; column < side; column++) {
          pixels[offset + column * side + row] = pixel(n, row * side + column);
        }
      }
      NoiseKey.encode(noiseKeys[n], keys, n * side);
    }
    return new INDArray[] {
      Nd4j.createFromArray(pixels).reshape('c', images.length, side, side),
      Nd4j.createFromArray(keys).reshape('c', images.length, 1, side)
    };
  }

  @Override
  public INDArray[] getLabels() {
    float[] pixels = new float[images.length * Architecture.PIXELS];
    for (int n = 0; n < images.length; n++) {
      for (int p = 0; p < Architecture.PIXELS; p++) {
        pixels[n * Architecture.PIXELS + p] = pixel(n, p);
      }
    }
    return new INDArray[] {
      Nd4j.createFromArray(pixels).reshape('c', images.length, Architecture.SIDE, Architecture.SIDE)
    };
  }

  private float pixel(int image, int index) {
    return (images[image][index] & 0xff) / 255f;
  }
}
