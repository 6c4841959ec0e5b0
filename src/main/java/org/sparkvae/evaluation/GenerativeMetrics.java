package org.sparkvae.evaluation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.sparkvae.evaluation.DigitClassifier.Prediction;
import org.sparkvae.evaluation.metric.GaussianFit;
import org.sparkvae.evaluation.metric.Manifold;

/**
 * Metrics that compare images with real images, based on a classifier's class probabilities and the
 * features of its last hidden layer.
 */
public final class GenerativeMetrics {
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

  /** Returns the share of images inside the manifold of the real images. */
  double precision(List<Prediction> images) {
    return realManifold.fractionInside(features(images));
  }

  /** Returns the share of real images inside the manifold of the images. */
  double recall(List<Prediction> images) {
    return Manifold.of(features(images)).fractionInside(realFeatures);
  }

  /** Computes the metrics from {@link MetricSource#GENERATED_IMAGES}. */
  public Map<Metric, Double> measure(List<Prediction> generated) {
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    Metric.from(MetricSource.GENERATED_IMAGES)
        .forEach(metric -> metrics.put(metric, metric.of(this, generated)));
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
