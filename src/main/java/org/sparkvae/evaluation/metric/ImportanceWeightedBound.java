package org.sparkvae.evaluation.metric;

import java.util.Arrays;

/**
 * The importance-weighted bound on log p(x) with K draws of z, log (1/K Σ wₖ) (Burda, Grosse and
 * Salakhutdinov, 2016): for K = 1 a draw of the ELBO, and tighter the larger K is.
 */
public final class ImportanceWeightedBound {
  private ImportanceWeightedBound() {}

  /** The bound from the logarithms of K weights, in nats. */
  public static double of(double... logWeights) {
    double largest = Arrays.stream(logWeights).max().orElseThrow();
    double sum = 0;
    for (double each : logWeights) {
      sum += Math.exp(each - largest);
    }
    return largest + Math.log(sum / logWeights.length);
  }
}
