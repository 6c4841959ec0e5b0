package org.sparkvae.evaluation.metric;

import java.io.Serializable;

/**
 * Counts the latent elements that the model uses: those whose posterior mean differs between
 * images, with a variance over them of more than 0.01 (Burda, Grosse and Salakhutdinov, 2016).
 */
public final class ActiveUnits implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double LEAST_VARIANCE = 0.01;

  private final double[] sums;
  private final double[] squares;
  private int images;

  /** Of no image yet. */
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

  /** Adds images that were counted elsewhere. */
  public void add(ActiveUnits others) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += others.sums[i];
      squares[i] += others.squares[i];
    }
    images += others.images;
  }

  /** How many there are. */
  public int count() {
    int active = 0;
    for (int i = 0; i < sums.length; i++) {
      double mean = sums[i] / images;
      if (squares[i] / images - mean * mean > LEAST_VARIANCE) {
        active++;
      }
    }
    return active;
  }
}
