package org.sparkvae.model;

import java.lang.ref.WeakReference;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.model.noise.NoiseKey;

/**
 * A minibatch of images as Deeplearning4j's {@code MultiDataSet}. It travels and waits as bytes, an
 * eighth of what features and labels take; the arrays are made where they are used, by the thread
 * that loads minibatches ahead, and not held beyond their use.
 *
 * <p>Features: image {@code [minibatch, 28 columns, 28 rows]} and noise key {@code [minibatch, 1,
 * 28]}. Labels: the image again, {@code [minibatch, 28 rows, 28 columns]}, in the same memory.
 */
public final class Minibatch extends MultiDataSet {
  private static final long serialVersionUID = 1L;

  private static final float[] GREY = greyValues();

  private final byte[][] images;
  private final long[] noiseKeys;
  private transient WeakReference<Arrays> arrays;

  private record Arrays(INDArray rows, INDArray noiseKeys) {}

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
    Arrays made = arrays();
    return new INDArray[] {made.rows().permute(0, 2, 1), made.noiseKeys()};
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

  @SuppressWarnings("try") // Only its closing matters.
  private synchronized Arrays arrays() {
    Arrays made = arrays == null ? null : arrays.get();
    if (made == null) {
      // A workspace of the loading thread would be used again before this is.
      try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        made = make();
      }
      arrays = new WeakReference<>(made);
    }
    return made;
  }

  private Arrays make() {
    int side = ModelConfig.SIDE;
    float[] pixels = new float[images.length * ModelConfig.PIXELS];
    float[] keys = new float[images.length * side];
    for (int n = 0; n < images.length; n++) {
      int offset = n * ModelConfig.PIXELS;
      for (int p = 0; p < ModelConfig.PIXELS; p++) {
        pixels[offset + p] = GREY[images[n][p] & 0xff];
      }
      NoiseKey.encode(noiseKeys[n], keys, n * side, side);
    }
    return new Arrays(
        Nd4j.createFromArray(pixels).reshape('c', images.length, side, side),
        Nd4j.createFromArray(keys).reshape('c', images.length, 1, side));
  }

  private static float[] greyValues() {
    float[] values = new float[256];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 255f;
    }
    return values;
  }
}
