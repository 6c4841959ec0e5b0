package org.sparkvae.evaluation.metric;

import java.util.List;

/** Metrics of a classifier's class probabilities for generated images. */
public final class ClassProbabilities {
  private ClassProbabilities() {}

  /**
   * Returns the mean probability of the most probable class; 1 if the classifier is certain of
   * every image.
   */
  public static double confidence(List<float[]> probabilities) {
    double sum = 0;
    for (float[] imageProbabilities : probabilities) {
      float largest = 0;
      for (float p : imageProbabilities) {
        largest = Math.max(largest, p);
      }
      sum += largest;
    }
    return sum / probabilities.size();
  }

  /**
   * Returns the inception score (Salimans et al., 2016), with another classifier than in the paper
   * and all images in one group. It is exp of the mean KL divergence, in nats, of the class
   * probabilities of an image from their average. The score lies between 1 and the number of
   * classes.
   */
  public static double inceptionScore(List<float[]> probabilities) {
    double[] marginal = marginal(probabilities);
    double sum = 0;
    for (float[] imageProbabilities : probabilities) {
      for (int c = 0; c < marginal.length; c++) {
        sum +=
            imageProbabilities[c] == 0
                ? 0
                : imageProbabilities[c] * Math.log(imageProbabilities[c] / marginal[c]);
      }
    }
    return Math.exp(sum / probabilities.size());
  }

  /**
   * Returns the entropy of the average class probabilities, in nats; ln 10 for ten equally frequent
   * classes.
   */
  public static double classEntropy(List<float[]> probabilities) {
    double entropy = 0;
    for (double p : marginal(probabilities)) {
      entropy -= p == 0 ? 0 : p * Math.log(p);
    }
    return entropy;
  }

  private static double[] marginal(List<float[]> probabilities) {
    double[] marginal = new double[probabilities.get(0).length];
    for (float[] imageProbabilities : probabilities) {
      for (int c = 0; c < marginal.length; c++) {
        marginal[c] += imageProbabilities[c];
      }
    }
    for (int c = 0; c < marginal.length; c++) {
      marginal[c] /= probabilities.size();
    }
    return marginal;
  }
}
