package org.sparkvae.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sparkvae.exception.DivergenceException;

/** The losses of an epoch's minibatches, collected in any order of arrival. */
final class EpochLosses {
  private static final int MAX_LISTED = 5;

  private final Map<Long, Integer> indexOfKey = new HashMap<>();
  private final MinibatchLoss[] losses;
  private final int[] trainedCounts;
  private int received;

  /** The position of the first NaN or infinite loss in the order of arrival; 0 if there is none. */
  private int firstNonFinite;

  private int fromOtherEpochs;

  /**
   * Creates an empty collection that expects each minibatch once.
   *
   * @param keys the keys of the epoch's minibatches, in the order of the epoch
   */
  EpochLosses(long[] keys) {
    this.losses = new MinibatchLoss[keys.length];
    this.trainedCounts = new int[keys.length];
    for (int index = 0; index < keys.length; index++) {
      indexOfKey.put(keys[index], index);
    }
  }

  synchronized void add(TrainedMinibatch minibatch) {
    received++;
    if (firstNonFinite == 0 && !minibatch.loss().isFinite()) {
      firstNonFinite = received;
    }
    Integer index = indexOfKey.get(minibatch.key());
    if (index == null) {
      fromOtherEpochs++;
      return;
    }
    losses[index] = minibatch.loss();
    trainedCounts[index]++;
  }

  /**
   * Checks that every loss that has arrived is finite.
   *
   * @throws DivergenceException if a loss is NaN or infinite
   */
  synchronized void checkFinite(int epoch) {
    if (firstNonFinite > 0) {
      throw new DivergenceException(
          "epoch %d: the loss became NaN or infinite at minibatch %d. %s"
              .formatted(epoch, firstNonFinite, DivergenceException.ADVICE));
    }
  }

  /**
   * Checks that every minibatch was trained exactly once and that every loss is finite.
   *
   * @param images the number of images in the training split
   * @throws DivergenceException if a loss is NaN or infinite
   * @throws IllegalStateException if a minibatch is missing, was trained twice or belongs to
   *     another epoch, or if the number of images is wrong
   */
  synchronized void check(int epoch, int images) {
    checkFinite(epoch);
    String missing = minibatchesTrained(0, 0);
    String repeated = minibatchesTrained(2, Integer.MAX_VALUE);
    if (!missing.isEmpty() || !repeated.isEmpty() || fromOtherEpochs > 0) {
      throw new IllegalStateException(
          "epoch %d: each of %d minibatches must be trained exactly once. Not trained: %s. Trained more than once: %s. From another epoch: %d. Report this with the log."
              .formatted(
                  epoch,
                  losses.length,
                  missing.isEmpty() ? "none" : missing,
                  repeated.isEmpty() ? "none" : repeated,
                  fromOtherEpochs));
    }
    if (mean().images() != images) {
      throw new IllegalStateException(
          "epoch %d: workers trained on %d images instead of %d. Report this with the log."
              .formatted(epoch, mean().images(), images));
    }
  }

  /** Lists the minibatches, counted from 1, that were trained between min and max times. */
  private String minibatchesTrained(int min, int max) {
    List<Integer> found = new ArrayList<>();
    for (int index = 0; index < trainedCounts.length; index++) {
      if (trainedCounts[index] >= min && trainedCounts[index] <= max) {
        found.add(index + 1);
      }
    }
    String listed =
        found.stream().limit(MAX_LISTED).map(String::valueOf).collect(Collectors.joining(", "));
    return found.size() > MAX_LISTED
        ? "%s and %d more".formatted(listed, found.size() - MAX_LISTED)
        : listed;
  }

  /** Returns the loss of the minibatch that is last in the epoch, even if another arrived later. */
  synchronized MinibatchLoss last() {
    return losses[losses.length - 1];
  }

  /** Returns the means over the epoch's images. */
  synchronized MinibatchLoss mean() {
    double bceSum = 0;
    double regTermSum = 0;
    int images = 0;
    for (MinibatchLoss loss : losses) {
      bceSum += loss.bce() * loss.images();
      regTermSum += loss.regTerm() * loss.images();
      images += loss.images();
    }
    return new MinibatchLoss(bceSum / images, regTermSum / images, images);
  }
}
