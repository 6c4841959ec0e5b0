package org.sparkvae.evaluation.metric;

import java.io.Serializable;

/**
 * A count of active units, the latent elements that the model uses. A unit is active if the
 * variance of its posterior mean over images exceeds 0.01 (Burda, Grosse and Salakhutdinov, 2016).
 */
public final class ActiveUnits implements Serializable {
  private static final double MIN_VARIANCE = 0.01;

  private final double[] sums;
  private final double[] squares;
  private int images;

  /** Creates an empty count for the given number of latent elements. */
  public ActiveUnits(int elements) {
    sums = new double[elements];
    squares = new double[elements];
  }

  /** Adds the posterior mean of one image. */
  public void add(float[] mean) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += mean[i];
      squares[i] += (double) mean[i] * mean[i];
    }
    images++;
  }

  /** Adds the images of another count. */
  public void add(ActiveUnits others) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += others.sums[i];
      squares[i] += others.squares[i];
    }
    images += others.images;
  }

  /** Returns the number of active units. */
  public int count() {
    int active = 0;
    for (int i = 0; i < sums.length; i++) {
      double mean = sums[i] / images;
      if (squares[i] / images - mean * mean > MIN_VARIANCE) {
        active++;
      }
    }
    return active;
  }
}
