package org.sparkvae.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GaussianMixtureFitTest {
  /**
   * Returns vectors of two clusters: a quarter around (0, 0), the others around (20, -8) and
   * correlated.
   */
  private static double[][] twoClusters(double scale) {
    Random random = new Random(3);
    double[][] vectors = new double[8000][];
    for (int n = 0; n < vectors.length; n++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      vectors[n] =
          n % 4 == 0
              ? new double[] {scale * x, scale * y}
              : new double[] {scale * (20 + 2 * x), scale * (-8 + x + y)};
    }
    return vectors;
  }

  private static int heavier(GaussianMixtureFit.Mixture mixture) {
    return mixture.weights()[0] > mixture.weights()[1] ? 0 : 1;
  }

  @Test
  void recoversTheSourceDistribution() {
    for (double scale : new double[] {1e-30, 1, 1e30}) {
      GaussianMixtureFit.Mixture mixture = GaussianMixtureFit.fit(twoClusters(scale), 2, 5);
      int k = heavier(mixture);
      assertThat(mixture.weights()[k]).isCloseTo(0.75, within(0.01));
      assertThat(mixture.means()[k][0] / scale).isCloseTo(20, within(0.1));
      assertThat(mixture.means()[k][1] / scale).isCloseTo(-8, within(0.1));
      assertThat(Arrays.stream(mixture.covariances()[k]).flatMapToDouble(Arrays::stream))
          .usingElementComparator(
              (one, other) -> Math.abs(one - other) < 0.15 * scale * scale ? 0 : 1)
          .containsExactly(
              4 * scale * scale, 2 * scale * scale, 2 * scale * scale, 2 * scale * scale);
    }
  }

  /** Each density is about 10²⁰⁰⁰, and the largest double is about 10³⁰⁸. */
  @Test
  void fitsGaussiansWhoseDensityOverflowsADouble() {
    Random random = new Random(4);
    double[][] vectors = new double[1000][64];
    for (double[] vector : vectors) {
      double center = random.nextInt(2);
      Arrays.setAll(vector, i -> 1e-32 * (center + 0.1 * random.nextGaussian()));
    }
    GaussianMixtureFit.Mixture mixture = GaussianMixtureFit.fit(vectors, 2, 5);
    assertThat(mixture.weights()[0]).isCloseTo(0.5, within(0.05));
    assertThat(mixture.covariances()[0][7][7]).isCloseTo(1e-66, within(0.3e-66));
  }

  @Test
  void fitsFewVectorsWithDuplicates() {
    Random random = new Random(5);
    double[][] vectors = new double[12][64];
    for (int n = 0; n < vectors.length; n++) {
      vectors[n] = n % 2 == 1 ? vectors[n - 1] : random.doubles(64).toArray();
    }
    GaussianMixtureFit.Mixture mixture = GaussianMixtureFit.fit(vectors, 8, 5);
    assertThat(Arrays.stream(mixture.weights()).sum()).isCloseTo(1, within(1e-9));
    assertThat(Arrays.stream(mixture.means()).flatMapToDouble(Arrays::stream))
        .allMatch(Double::isFinite);
    assertThat(
            Arrays.stream(mixture.covariances())
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream))
        .allMatch(Double::isFinite);
  }

  @Test
  void fitsIdenticallyWithTheSameSeed() {
    GaussianMixtureFit.Mixture one = GaussianMixtureFit.fit(twoClusters(1), 5, 9);
    GaussianMixtureFit.Mixture again = GaussianMixtureFit.fit(twoClusters(1), 5, 9);
    assertThat(again.weights()).isEqualTo(one.weights());
    assertThat(again.covariances()).isDeepEqualTo(one.covariances());
    assertThat(GaussianMixtureFit.fit(twoClusters(1), 5, 10).weights()).isNotEqualTo(one.weights());
  }
}
