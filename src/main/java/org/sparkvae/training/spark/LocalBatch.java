package org.sparkvae.training.spark;

import java.io.Serializable;

/**
 * The size of the part of a minibatch on which one of several workers trains, the length of its
 * steps, and how often it sends them.
 *
 * <p>n workers that train on whole minibatches take n full steps at almost the same parameters.
 * Here they split a minibatch, and each shortens its step. If the gradients of the parts were
 * equal, steps of 1/n would sum to one step of a single worker. If the gradients were only noise,
 * steps of 1/√n would: Adam divides by the standard deviation of the gradient, which is √n times
 * that of the whole minibatch (the square-root scaling rule; Malladi et al., 2022). The factor is
 * the geometric mean of both.
 *
 * <p>The driver relays each message of a worker to the n − 1 others. If eight workers sent every
 * step, the driver would relay 56 messages per minibatch, and updates would arrive many steps late.
 * Each worker therefore sends the sum of n / 2 steps, rounded down.
 *
 * @param size the number of images of a part
 * @param stepScale the factor by which the worker multiplies its steps, 1 for a single worker
 * @param sendInterval the number of steps whose sum the worker sends
 */
record LocalBatch(int size, double stepScale, int sendInterval) implements Serializable {
  /**
   * Returns the part of each worker, rounded up to whole images.
   *
   * @param batchSize the number of images in a minibatch
   */
  static LocalBatch of(int batchSize, int workers) {
    int size = (batchSize + workers - 1) / workers;
    return new LocalBatch(
        size, Math.pow((double) size / batchSize, 0.75), Math.max(1, workers / 2));
  }
}
