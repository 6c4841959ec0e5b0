package org.sparkvae.report;

/**
 * The values of one quantity in an epoch. NaN marks a value that was not measured and is not
 * plotted.
 *
 * @param epoch the epoch's number, starting at 1
 * @param trainLast value on the epoch's last training minibatch
 * @param trainMean mean over the epoch's training minibatches
 * @param test value on the test set after the epoch
 */
public record EpochPoint(int epoch, double trainLast, double trainMean, double test) {
  /** Rejects infinite values, which no axis can show. */
  public EpochPoint {
    if (Double.isInfinite(trainLast) || Double.isInfinite(trainMean) || Double.isInfinite(test)) {
      throw new IllegalArgumentException(
          "epoch %d has an infinite value. Only finite values and NaN can be plotted."
              .formatted(epoch));
    }
  }
}
