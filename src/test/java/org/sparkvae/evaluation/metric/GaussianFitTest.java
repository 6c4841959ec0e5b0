package org.sparkvae.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GaussianFitTest {
  private static List<float[]> points(float... coordinates) {
    List<float[]> points = new ArrayList<>();
    for (int i = 0; i < coordinates.length; i += 2) {
      points.add(new float[] {coordinates[i], coordinates[i + 1]});
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
   * Along one axis, the means are 0 and 3 and the variances 2 and 8 (divided by n − 1). The
   * distance is 9 + 2 + 8 − 2 · √16.
   */
  @Test
  void computesDistanceOfTwoNormalDistributions() {
    GaussianFit narrow = GaussianFit.of(points(-1, 0, 1, 0));
    GaussianFit wide = GaussianFit.of(points(1, 0, 5, 0));
    assertThat(narrow.frechetDistance(wide)).isCloseTo(11, within(1e-9));
  }

  /** The covariances diag(2, 0) and diag(0, 2) have product 0, so their traces add up to 4. */
  @Test
  void addsOrthogonalCovariances() {
    GaussianFit horizontal = GaussianFit.of(points(-1, 0, 1, 0));
    GaussianFit vertical = GaussianFit.of(points(0, -1, 0, 1));
    assertThat(horizontal.frechetDistance(vertical)).isCloseTo(4, within(1e-9));
  }

  @Test
  void isZeroForTheSameVectors() {
    GaussianFit fit = GaussianFit.of(normal(500, 8, 1, 1));
    assertThat(fit.frechetDistance(fit)).isCloseTo(0, within(1e-9));
  }

  /**
   * For Σ₂ = 4 Σ₁ and equal means, tr(Σ₁ + 4 Σ₁ − 2 · 2 Σ₁) is tr Σ₁, with or without correlation.
   */
  @Test
  void equalsTheTraceForTwiceTheScale() {
    List<float[]> points = normal(400, 6, 1, 2);
    List<float[]> mirrored = new ArrayList<>(points);
    points.forEach(vector -> mirrored.add(scaled(vector, -1)));
    List<float[]> twice = mirrored.stream().map(vector -> scaled(vector, 2)).toList();
    double trace = 0;
    for (float[] vector : mirrored) {
      trace += square(vector) / (mirrored.size() - 1);
    }
    assertThat(GaussianFit.of(mirrored).frechetDistance(GaussianFit.of(twice)))
        .isCloseTo(trace, within(1e-4));
  }

  private static double square(float[] vector) {
    double sum = 0;
    for (float element : vector) {
      sum += element * element;
    }
    return sum;
  }

  private static float[] scaled(float[] vector, float factor) {
    float[] scaled = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      scaled[i] = factor * vector[i];
    }
    return scaled;
  }
}
