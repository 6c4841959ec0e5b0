package org.sparkvae.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GaussianFitTest {
  private static List<float[]> points(float... alternating) {
    List<float[]> points = new ArrayList<>();
    for (int i = 0; i < alternating.length; i += 2) {
      points.add(new float[] {alternating[i], alternating[i + 1]});
    }
    return points;
  }

  private static List<float[]> normal(int count, int size, double scale, long seed) {
    Random random = new Random(seed);
    List<float[]> points = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      float[] point = new float[size];
      for (int i = 0; i < size; i++) {
        point[i] = (float) (scale * random.nextGaussian() + (i == 0 ? 0 : 0.5 * point[i - 1]));
      }
      points.add(point);
    }
    return points;
  }

  /**
   * By hand, along one axis: means 0 and 3, variances 2 and 8 (divided by n − 1), so 9 + 2 + 8 − 2
   * · √16.
   */
  @Test
  void ofTwoNormalDistributionsIsAsByHand() {
    GaussianFit narrow = GaussianFit.of(points(-1, 0, 1, 0));
    GaussianFit wide = GaussianFit.of(points(1, 0, 5, 0));
    assertThat(narrow.frechetDistance(wide)).isCloseTo(11, within(1e-9));
  }

  /** Covariances diag(2, 0) and diag(0, 2) have nothing in common: tr = 4. */
  @Test
  void covariancesAcrossEachOtherAddUp() {
    GaussianFit across = GaussianFit.of(points(-1, 0, 1, 0));
    GaussianFit upright = GaussianFit.of(points(0, -1, 0, 1));
    assertThat(across.frechetDistance(upright)).isCloseTo(4, within(1e-9));
  }

  @Test
  void ofTheSameVectorsIs0() {
    GaussianFit fit = GaussianFit.of(normal(500, 8, 1, 1));
    assertThat(fit.frechetDistance(fit)).isCloseTo(0, within(1e-9));
  }

  /** For Σ₂ = 4 Σ₁ and equal means tr(Σ₁ + 4 Σ₁ − 2 · 2 Σ₁) is tr Σ₁, correlated or not. */
  @Test
  void ofTwiceTheSizeIsTheTrace() {
    List<float[]> points = normal(400, 6, 1, 2);
    List<float[]> mirrored = new ArrayList<>(points);
    points.forEach(each -> mirrored.add(scaled(each, -1)));
    List<float[]> twice = mirrored.stream().map(each -> scaled(each, 2)).toList();
    double trace = 0;
    for (float[] each : mirrored) {
      trace += square(each) / (mirrored.size() - 1);
    }
    assertThat(GaussianFit.of(mirrored).frechetDistance(GaussianFit.of(twice)))
        .isCloseTo(trace, within(1e-4));
  }

  private static double square(float[] vector) {
    double sum = 0;
    for (float each : vector) {
      sum += each * each;
    }
    return sum;
  }

  private static float[] scaled(float[] vector, float by) {
    float[] scaled = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      scaled[i] = by * vector[i];
    }
    return scaled;
  }
}
