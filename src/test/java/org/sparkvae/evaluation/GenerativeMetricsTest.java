package org.sparkvae.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sparkvae.evaluation.DigitClassifier.Judgement;

class GenerativeMetricsTest {
  private static Judgement judgement(int label, double certainty, float... features) {
    float[] probabilities = new float[10];
    java.util.Arrays.fill(probabilities, (float) ((1 - certainty) / 9));
    probabilities[label] = (float) certainty;
    return new Judgement(probabilities, features);
  }

  private static List<Judgement> cloud(long seed, float x) {
    Random random = new Random(seed);
    List<Judgement> cloud = new ArrayList<>();
    for (int n = 0; n < 400; n++) {
      cloud.add(
          judgement(
              n % 10, 0.91, x + (float) random.nextGaussian(), (float) random.nextGaussian()));
    }
    return cloud;
  }

  @Test
  void drawsOfTheSameKindAreNearAndOthersFar() {
    GenerativeMetrics recognition = new GenerativeMetrics(cloud(1, 0));
    Map<String, Double> same = recognition.ofDraws(cloud(2, 0));
    assertThat(same).containsOnlyKeys(GenerativeMetrics.NAMES_OF_DRAWS);
    assertThat(same.get("frechet_distance")).isBetween(0.0, 0.1);
    assertThat(same.get("precision")).isGreaterThan(0.9);
    assertThat(same.get("recall")).isGreaterThan(0.9);
    assertThat(same.get("classifier_confidence")).isCloseTo(0.91, within(1e-6));
    assertThat(same.get("class_entropy_nats")).isCloseTo(Math.log(10), within(1e-6));

    Map<String, Double> far = recognition.ofDraws(cloud(2, 20));
    assertThat(far.get("frechet_distance")).isCloseTo(400, within(20.0));
    assertThat(far.get("precision")).isZero();
    assertThat(far.get("recall")).isZero();
  }

  @Test
  void precisionAndRecallAreNotTakenForEachOther() {
    // Draws from one half of what is real: all of them real enough, half of it missing.
    List<Judgement> real = cloud(1, 0);
    real.addAll(cloud(3, 30));
    Map<String, Double> half = new GenerativeMetrics(real).ofDraws(cloud(2, 0));
    assertThat(half.get("precision")).isGreaterThan(0.9);
    assertThat(half.get("recall")).isCloseTo(0.5, within(0.05));
  }

  @Test
  void accuracyIsTheShareThatIsRight() {
    List<Judgement> judged =
        List.of(judgement(3, 0.9, 0, 0), judgement(5, 0.9, 0, 0), judgement(3, 0.9, 0, 0));
    assertThat(GenerativeMetrics.accuracy(judged, new int[] {3, 5, 4}))
        .isCloseTo(2.0 / 3, within(1e-12));
  }
}
