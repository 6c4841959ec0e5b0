package org.sparkvae.model.noise;

/**
 * Dropout whose mask depends only on the image and on the layer. It does not depend on the
 * minibatch, the partition or the worker.
 */
public interface ImageDropout {
  /** Sets the seed of each image's mask, before the forward pass of a training minibatch. */
  void setMaskSeeds(long[] seeds);
}
