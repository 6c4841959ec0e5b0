package org.sparkvae.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sparkvae.exception.DivergenceException;

/** Gathers an epoch's minibatch losses, in whatever order they come in. */
final class EpochLosses {
  private static final int NAMED = 5;

  private final Map<Long, Integer> minibatchOfKey = new HashMap<>();
  private final MinibatchLoss[] losses;
  private final int[] times;
  private int trained;
  private int diverged;
  private int strays;

  /**
   * Expects each minibatch once.
   *
   * @param keys of the epoch's minibatches, in their order
   */
  EpochLosses(long[] keys) {
    this.losses = new MinibatchLoss[keys.length];
    this.times = new int[keys.length];
    for (int minibatch = 0; minibatch < keys.length; minibatch++) {
      minibatchOfKey.put(keys[minibatch], minibatch);
    }
  }

  synchronized void add(TrainedMinibatch minibatch) {
    trained++;
    if (diverged == 0 && !minibatch.loss().isFinite()) {
      diverged = trained;
    }
    Integer place = minibatchOfKey.get(minibatch.key());
    if (place == null) {
      strays++;
      return;
    }
    losses[place] = minibatch.loss();
    times[place]++;
  }

  /**
   * Accepts the epoch if it was whole and finite.
   *
   * @throws DivergenceException if a loss was NaN or infinite
   * @throws IllegalStateException if a minibatch was missing, came twice or is not of this epoch
   */
  synchronized void check(int epoch, int images) {
    if (diverged > 0) {
      throw new DivergenceException(
          "epoch %d: the loss became NaN or infinite at minibatch %d; the last good checkpoint is kept:"
                  .formatted(epoch, diverged)
              + " start a new run with a lower --learning-rate");
    }
    String missing = those(0, 0);
    String doubled = those(2, Integer.MAX_VALUE);
    if (!missing.isEmpty() || !doubled.isEmpty() || strays > 0) {
      throw new IllegalStateException(
          "epoch %d: of %d minibatches, not trained: %s; trained more than once: %s; of another epoch: %d"
              .formatted(
                  epoch,
                  losses.length,
                  missing.isEmpty() ? "none" : missing,
                  doubled.isEmpty() ? "none" : doubled,
                  strays));
    }
    if (mean().images() != images) {
      throw new IllegalStateException(
          "epoch %d: workers trained on %d images of %d".formatted(epoch, mean().images(), images));
    }
  }

  private String those(int least, int most) {
    List<Integer> found = new ArrayList<>();
    for (int minibatch = 0; minibatch < times.length; minibatch++) {
      if (times[minibatch] >= least && times[minibatch] <= most) {
        found.add(minibatch + 1);
      }
    }
    String first =
        found.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "));
    return found.size() > NAMED ? "%s and %d more".formatted(first, found.size() - NAMED) : first;
  }

  /** Of the epoch's last minibatch, whichever came last. */
  synchronized MinibatchLoss last() {
    return losses[losses.length - 1];
  }

  /** Means over the epoch's images. */
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
