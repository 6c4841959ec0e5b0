package org.sparkvae.evaluation.metric;

import java.util.Arrays;

/**
 * The importance-weighted bound on log p(x) from K samples of z, log (1/K Σ wₖ) (Burda, Grosse and
 * Salakhutdinov, 2016). For K = 1 it is a single-sample estimate of the ELBO. The bound is tighter
 * for larger K.
 */
public final class ImportanceWeightedBound {
  private ImportanceWeightedBound() {}

  /** Returns the bound in nats, given the logarithms of K weights. */
  public static double of(double... logWeights) {
    double largest = Arrays.stream(logWeights).max().orElseThrow();
    double sum = 0;
    for (double logWeight : logWeights) {
      sum += Math.exp(logWeight - largest);
    }
    return largest + Math.log(sum / logWeights.length);
  }
}
