package org.sparkvae.training;

import org.sparkvae.failure.DivergenceFailure;

/** Gathers an epoch's minibatch losses as they come in. */
final class EpochLosses {
  private int minibatches;
  private int images;
  private double bceSum;
  private double regTermSum;
  private MinibatchLoss last;

  synchronized void add(MinibatchLoss loss) {
    minibatches++;
    images += loss.images();
    bceSum += loss.bce() * loss.images();
    regTermSum += loss.regTerm() * loss.images();
    last = loss;
  }

  /**
   * Accepts the epoch if it was whole and finite.
   *
   * @throws DivergenceFailure if a loss was NaN or infinite
   * @throws IllegalStateException if a minibatch was missing or came twice
   */
  synchronized void check(int epoch, int expectedMinibatches, int expectedImages) {
    if (!Double.isFinite(bceSum + regTermSum)) {
      throw new DivergenceFailure(
          "epoch %d: the loss became NaN or infinite at minibatch %d; the last good checkpoint is kept:"
                  .formatted(epoch, minibatches)
              + " start a new run with a lower --learning-rate");
    }
    if (minibatches != expectedMinibatches || images != expectedImages) {
      throw new IllegalStateException(
          "epoch %d: workers trained %d minibatches with %d images, of %d with %d"
              .formatted(epoch, minibatches, images, expectedMinibatches, expectedImages));
    }
  }

  synchronized MinibatchLoss last() {
    return last;
  }

  /** Means over the epoch's images. */
  synchronized MinibatchLoss mean() {
    return new MinibatchLoss(bceSum / images, regTermSum / images, images);
  }
}
