package org.sparkvae.model;

import java.lang.ref.WeakReference;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.noise.NoiseKey;

/**
 * A minibatch of images as Deeplearning4j's {@code MultiDataSet}. It stores and serializes images
 * as bytes, which take an eighth of the memory of features and labels. The thread that prefetches
 * minibatches creates the arrays, and they can be garbage-collected after use.
 *
 * <p>Features: image {@code [minibatch, columns, rows]} and noise key {@code [minibatch, 1, rows]}.
 * Labels: the image {@code [minibatch, rows, columns]}, in the memory of the feature.
 */
public final class Minibatch extends MultiDataSet {
  private final byte[][] images;
  private final long[] noiseKeys;
  private transient WeakReference<Arrays> arrays;

  private record Arrays(INDArray rows, INDArray noiseKeys) {}

  /**
   * Creates a minibatch from images, which are not copied.
   *
   * @param images unsigned bytes, one per pixel, row by row
   * @param noiseKeys one {@link NoiseKey} per image
   * @throws IllegalArgumentException if there are no images or if the two lengths differ
   */
  public Minibatch(byte[][] images, long[] noiseKeys) {
    if (images.length != noiseKeys.length || images.length == 0) {
      throw new IllegalArgumentException(
          "A minibatch has %d images and %d noise keys; expected one noise key per image and at least one image."
              .formatted(images.length, noiseKeys.length));
    }
    this.images = images;
    this.noiseKeys = noiseKeys;
  }

  /** Returns the number of images. */
  public int size() {
    return images.length;
  }

  @Override
  public INDArray[] getFeatures() {
    Arrays current = arrays();
    return new INDArray[] {current.rows().permute(0, 2, 1), current.noiseKeys()};
  }

  @Override
  public INDArray getFeatures(int index) {
    return getFeatures()[index];
  }

  @Override
  public INDArray getLabels(int index) {
    return getLabels()[index];
  }

  @Override
  public INDArray[] getLabels() {
    return new INDArray[] {arrays().rows()};
  }

  @SuppressWarnings("try") // The workspace is only opened and closed.
  private synchronized Arrays arrays() {
    Arrays current = arrays == null ? null : arrays.get();
    if (current == null) {
      // Memory in a workspace of the prefetching thread would be overwritten before it is used.
      try (MemoryWorkspace outOfWorkspaces = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        current = createArrays();
      }
      arrays = new WeakReference<>(current);
    }
    return current;
  }

  private Arrays createArrays() {
    float[] pixels = new float[images.length * ImageShape.PIXELS];
    float[] keys = new float[images.length * ImageShape.ROWS];
    for (int n = 0; n < images.length; n++) {
      float[] grays = Pixels.grayValues(images[n]);
      System.arraycopy(grays, 0, pixels, n * ImageShape.PIXELS, ImageShape.PIXELS);
      NoiseKey.encode(noiseKeys[n], keys, n * ImageShape.ROWS, ImageShape.ROWS);
    }
    return new Arrays(
        Nd4j.createFromArray(pixels)
            .reshape('c', images.length, ImageShape.ROWS, ImageShape.COLUMNS),
        Nd4j.createFromArray(keys).reshape('c', images.length, 1, ImageShape.ROWS));
  }
}
