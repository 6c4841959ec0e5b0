package org.sparkvae.evaluation.metric;

import java.util.List;

/** What a classifier's class probabilities for generated images tell of them. */
public final class ClassProbabilities {
  private ClassProbabilities() {}

  /** The mean probability of the likeliest class; 1 for images that leave no doubt. */
  public static double confidence(List<float[]> probabilities) {
    double sum = 0;
    for (float[] each : probabilities) {
      float largest = 0;
      for (float p : each) {
        largest = Math.max(largest, p);
      }
      sum += largest;
    }
    return sum / probabilities.size();
  }

  /**
   * The inception score (Salimans et al., 2016), with another classifier than theirs and all images
   * in one group: exp of the mean KL divergence, in nats, of an image's class probabilities from
   * their average. Between 1 and the number of classes.
   */
  public static double inceptionScore(List<float[]> probabilities) {
    double[] marginal = marginal(probabilities);
    double sum = 0;
    for (float[] each : probabilities) {
      for (int c = 0; c < marginal.length; c++) {
        sum += each[c] == 0 ? 0 : each[c] * Math.log(each[c] / marginal[c]);
      }
    }
    return Math.exp(sum / probabilities.size());
  }

  /** The entropy of the average class probabilities, in nats; ln 10 for ten equally likely. */
  public static double classEntropy(List<float[]> probabilities) {
    double entropy = 0;
    for (double p : marginal(probabilities)) {
      entropy -= p == 0 ? 0 : p * Math.log(p);
    }
    return entropy;
  }

  private static double[] marginal(List<float[]> probabilities) {
    double[] marginal = new double[probabilities.get(0).length];
    for (float[] each : probabilities) {
      for (int c = 0; c < marginal.length; c++) {
        marginal[c] += each[c];
      }
    }
    for (int c = 0; c < marginal.length; c++) {
      marginal[c] /= probabilities.size();
    }
    return marginal;
  }
}
