package org.sparkvae.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sparkvae.evaluation.DigitClassifier.Prediction;

class GenerativeMetricsTest {
  private static Prediction prediction(int label, double confidence, float... features) {
    float[] probabilities = new float[10];
    java.util.Arrays.fill(probabilities, (float) ((1 - confidence) / 9));
    probabilities[label] = (float) confidence;
    return new Prediction(probabilities, features);
  }

  private static List<Prediction> cloud(long seed, float x) {
    Random random = new Random(seed);
    List<Prediction> cloud = new ArrayList<>();
    for (int n = 0; n < 400; n++) {
      cloud.add(
          prediction(
              n % 10, 0.91, x + (float) random.nextGaussian(), (float) random.nextGaussian()));
    }
    return cloud;
  }

  @Test
  void separatesSimilarFromDifferentImages() {
    GenerativeMetrics metrics = new GenerativeMetrics(cloud(1, 0));
    Map<Metric, Double> same = metrics.measure(cloud(2, 0));
    assertThat(same).containsOnlyKeys(Metric.from(MetricSource.GENERATED_IMAGES));
    assertThat(same.get(Metric.FRECHET_DISTANCE)).isBetween(0.0, 0.1);
    assertThat(same.get(Metric.PRECISION)).isGreaterThan(0.9);
    assertThat(same.get(Metric.RECALL)).isGreaterThan(0.9);
    assertThat(same.get(Metric.CLASSIFIER_CONFIDENCE)).isCloseTo(0.91, within(1e-6));
    assertThat(same.get(Metric.INCEPTION_SCORE)).isCloseTo(6.06, within(0.01));
    assertThat(same.get(Metric.CLASS_ENTROPY)).isCloseTo(Math.log(10), within(1e-6));

    Map<Metric, Double> far = metrics.measure(cloud(2, 20));
    assertThat(far.get(Metric.FRECHET_DISTANCE)).isCloseTo(400, within(20.0));
    assertThat(far.get(Metric.PRECISION)).isZero();
    assertThat(far.get(Metric.RECALL)).isZero();
  }

  @Test
  void distinguishesPrecisionFromRecall() {
    // Generated images cover one half of the real ones: full precision, half the recall.
    List<Prediction> real = cloud(1, 0);
    real.addAll(cloud(3, 30));
    Map<Metric, Double> half = new GenerativeMetrics(real).measure(cloud(2, 0));
    assertThat(half.get(Metric.PRECISION)).isGreaterThan(0.9);
    assertThat(half.get(Metric.RECALL)).isCloseTo(0.5, within(0.05));
  }

  @Test
  void accuracyIsTheFractionOfCorrectLabels() {
    List<Prediction> predictions =
        List.of(prediction(3, 0.9, 0, 0), prediction(5, 0.9, 0, 0), prediction(3, 0.9, 0, 0));
    assertThat(GenerativeMetrics.accuracy(predictions, new int[] {3, 5, 4}))
        .isCloseTo(2.0 / 3, within(1e-12));
  }
}
