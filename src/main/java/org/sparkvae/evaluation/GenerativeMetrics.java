package org.sparkvae.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkvae.evaluation.DigitClassifier.Judgement;
import org.sparkvae.evaluation.metric.ClassProbabilities;
import org.sparkvae.evaluation.metric.GaussianFit;
import org.sparkvae.evaluation.metric.Manifold;

/**
 * How near images come to real ones in the eyes of a classifier: by the classes that it sees, and
 * by the features of its last hidden layer.
 */
public final class GenerativeMetrics {
  /** Of {@link #ofDraws}. */
  public static final List<String> NAMES_OF_DRAWS =
      List.of(
          "frechet_distance",
          "inception_score",
          "precision",
          "recall",
          "classifier_confidence",
          "class_entropy_nats");

  private final List<float[]> features;
  private final GaussianFit distribution;
  private final Manifold manifold;

  /** Against real images, of which there have to be four or more. */
  public GenerativeMetrics(List<Judgement> real) {
    features = features(real);
    distribution = GaussianFit.of(features);
    manifold = Manifold.of(features);
  }

  /** The Fréchet distance of images' features from those of the real ones. */
  public double frechetDistance(List<Judgement> images) {
    return distribution.frechetDistance(GaussianFit.of(features(images)));
  }

  /**
   * Measures generated images, by the names that {@code evaluation.json} gives these metrics.
   *
   * @see ClassProbabilities
   * @see Manifold
   */
  public Map<String, Double> ofDraws(List<Judgement> draws) {
    List<float[]> drawn = features(draws);
    List<float[]> probabilities = draws.stream().map(Judgement::probabilities).toList();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("frechet_distance", distribution.frechetDistance(GaussianFit.of(drawn)));
    metrics.put("inception_score", ClassProbabilities.inceptionScore(probabilities));
    metrics.put("precision", manifold.share(drawn));
    metrics.put("recall", Manifold.of(drawn).share(features));
    metrics.put("classifier_confidence", ClassProbabilities.confidence(probabilities));
    metrics.put("class_entropy_nats", ClassProbabilities.classEntropy(probabilities));
    return metrics;
  }

  /**
   * The share of images that are taken for what they are.
   *
   * @param labels of the images, in their order
   */
  public static double accuracy(List<Judgement> images, int[] labels) {
    int right = 0;
    for (int n = 0; n < labels.length; n++) {
      right += images.get(n).label() == labels[n] ? 1 : 0;
    }
    return (double) right / labels.length;
  }

  private static List<float[]> features(List<Judgement> images) {
    return images.stream().map(Judgement::features).toList();
  }
}
