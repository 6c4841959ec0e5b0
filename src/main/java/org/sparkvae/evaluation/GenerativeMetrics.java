package org.sparkvae.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkvae.evaluation.DigitClassifier.Prediction;
import org.sparkvae.evaluation.metric.ClassProbabilities;
import org.sparkvae.evaluation.metric.GaussianFit;
import org.sparkvae.evaluation.metric.Manifold;

/**
 * Metrics that compare images with real images, based on a classifier's class probabilities and the
 * features of its last hidden layer.
 */
public final class GenerativeMetrics {
  /** The names of the metrics from {@link #measure}. */
  public static final List<String> NAMES =
      List.of(
          "frechet_distance",
          "inception_score",
          "precision",
          "recall",
          "classifier_confidence",
          "class_entropy_nats");

  private final List<float[]> realFeatures;
  private final GaussianFit realDistribution;
  private final Manifold realManifold;

  /**
   * Creates the metrics relative to real images.
   *
   * @param real the predictions for at least four real images
   */
  public GenerativeMetrics(List<Prediction> real) {
    realFeatures = features(real);
    realDistribution = GaussianFit.of(realFeatures);
    realManifold = Manifold.of(realFeatures);
  }

  /** Returns the Fréchet distance between the features of images and those of the real images. */
  public double frechetDistance(List<Prediction> images) {
    return realDistribution.frechetDistance(GaussianFit.of(features(images)));
  }

  /**
   * Measures generated images.
   *
   * @return the metrics by their names in {@code evaluation.json}
   * @see ClassProbabilities
   * @see Manifold
   */
  public Map<String, Double> measure(List<Prediction> generated) {
    List<float[]> generatedFeatures = features(generated);
    List<float[]> probabilities = generated.stream().map(Prediction::probabilities).toList();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(
        "frechet_distance", realDistribution.frechetDistance(GaussianFit.of(generatedFeatures)));
    metrics.put("inception_score", ClassProbabilities.inceptionScore(probabilities));
    metrics.put("precision", realManifold.fractionInside(generatedFeatures));
    metrics.put("recall", Manifold.of(generatedFeatures).fractionInside(realFeatures));
    metrics.put("classifier_confidence", ClassProbabilities.confidence(probabilities));
    metrics.put("class_entropy_nats", ClassProbabilities.classEntropy(probabilities));
    return metrics;
  }

  /**
   * Returns the classifier accuracy, the fraction of images whose predicted label is correct.
   *
   * @param labels the labels of the images, in the same order
   */
  public static double accuracy(List<Prediction> images, int[] labels) {
    int correct = 0;
    for (int n = 0; n < labels.length; n++) {
      correct += images.get(n).label() == labels[n] ? 1 : 0;
    }
    return (double) correct / labels.length;
  }

  private static List<float[]> features(List<Prediction> images) {
    return images.stream().map(Prediction::features).toList();
  }
}
