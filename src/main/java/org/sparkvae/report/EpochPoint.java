package org.sparkvae.report;

/**
 * One epoch's values of one quantity. NaN says that it was not measured: nothing is drawn there.
 *
 * @param epoch the epoch's number, 1 for the first
 * @param trainLast value on the epoch's last training minibatch
 * @param trainMean mean over the epoch's training minibatches
 * @param test value on the test set after the epoch
 */
public record EpochPoint(int epoch, double trainLast, double trainMean, double test) {
  /** Refuses infinite values, which no axis can show. */
  public EpochPoint {
    if (Double.isInfinite(trainLast) || Double.isInfinite(trainMean) || Double.isInfinite(test)) {
      throw new IllegalArgumentException("epoch " + epoch + " has an infinite value");
    }
  }
}
