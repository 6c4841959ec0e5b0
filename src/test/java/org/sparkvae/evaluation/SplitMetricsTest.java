package org.sparkvae.evaluation;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.spark.LocalSpark;

class SplitMetricsTest {
  /** A model with λ = 0.5 and 16 · 28 = 448 latent elements. */
  private static final ModelConfig MODEL = new ModelConfig(16, 0, 0.5, 0.001, 1);

  /** A perfect reconstruction of a white image. */
  private static final Row FIRST = row(0, 255, 1, 0.125f, 28);

  /** A reconstruction of an image of gray 0.2 by gray 0.3. */
  private static final Row SECOND = row(1, 51, 0.3f, 0.375f, 84);

  private static Row row(int id, int original, float reconstruction, float bce, float kl) {
    byte[] pixels = new byte[ImageShape.PIXELS];
    Arrays.fill(pixels, (byte) original);
    return RowFactory.create(
        id, 0, pixels, Collections.nCopies(ImageShape.PIXELS, reconstruction), bce, kl);
  }

  private static Map<Metric, Double> metrics(List<Row> rows, ModelConfig model) {
    return SplitMetrics.of(
        LocalSpark.session().createDataFrame(rows, DataFrameReconstructor.SCHEMA).repartition(3),
        model);
  }

  /**
   * Computed by hand: the mean KL divergence is 56 nats, an eighth of a nat per latent element. The
   * structural similarity of two even images is (2xy + C₁) / (x² + y² + C₁) = 0.1201 / 0.1301.
   */
  @Test
  void computesAveragesAndUnits() {
    Map<Metric, Double> metrics = metrics(List.of(SECOND, FIRST), MODEL);
    Map<Metric, Double> expected =
        Map.ofEntries(
            entry(Metric.LOSS, 0.25 + 0.125),
            entry(Metric.REG_TERM, 0.125),
            entry(Metric.CROSS_ENTROPY, 0.25),
            entry(Metric.ENTROPY_FLOOR, 0.250201),
            entry(Metric.RECONSTRUCTION_TERM, 196.0),
            entry(Metric.KL_DIVERGENCE, 56.0),
            entry(Metric.ELBO, -252.0),
            entry(Metric.MSE, 0.005),
            entry(Metric.PSNR, 60.0),
            entry(Metric.SSIM, (1 + 0.1201 / 0.1301) / 2));
    assertThat(metrics).containsOnlyKeys(Metric.from(MetricSource.RECONSTRUCTIONS));
    assertThat(expected).containsOnlyKeys(metrics.keySet());
    expected.forEach(
        (metric, value) ->
            assertThat(metrics.get(metric)).as(metric.id()).isCloseTo(value, within(1e-6)));
  }

  @Test
  void weighsOnlyTheLossByLambda() {
    ModelConfig light = new ModelConfig(16, 0, 0.05, 0.001, 1);
    Map<Metric, Double> metrics = metrics(List.of(FIRST, SECOND), light);
    assertThat(metrics.get(Metric.REG_TERM)).isCloseTo(0.0125, within(1e-12));
    assertThat(metrics.get(Metric.LOSS)).isCloseTo(0.2625, within(1e-12));
    assertThat(metrics.get(Metric.ELBO)).isCloseTo(-252, within(1e-9));
  }

  /** β is 784 pixels over 448 latent elements. */
  @Test
  void betaIsTheWeightOfTheKlDivergence() {
    assertThat(MODEL.beta()).isCloseTo(1.75, within(1e-12));
    double loss = metrics(List.of(FIRST, SECOND), MODEL).get(Metric.LOSS);
    assertThat(loss * ImageShape.PIXELS).isCloseTo(196 + MODEL.beta() * 56, within(1e-9));
  }

  @Test
  void doesNotDependOnImageOrder() {
    List<Row> rows =
        IntStream.range(0, 1000)
            .mapToObj(i -> row(i, i % 256, 1f / (i + 2), 1f / (i + 3), 1e6f / (i + 7)))
            .toList();
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(3));
    assertThat(metrics(shuffled, MODEL)).isEqualTo(metrics(rows, MODEL));
  }

  /** An infinite score must remain visible, so that the result is rejected. */
  @Test
  void propagatesInfiniteScores() {
    Row infinite = row(1, 255, 1, Float.POSITIVE_INFINITY, 84);
    Map<Metric, Double> metrics = metrics(List.of(FIRST, infinite), MODEL);
    assertThat(metrics.get(Metric.LOSS)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(metrics.get(Metric.SSIM)).isCloseTo(1, within(1e-9));
  }
}
