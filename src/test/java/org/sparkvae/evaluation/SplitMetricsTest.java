package org.sparkvae.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.spark.LocalSpark;

class SplitMetricsTest {
  /** A model with λ = 0.5 and 16 · 28 = 448 latent elements. */
  private static final ModelConfig MODEL = new ModelConfig(16, 0, 0.5, 0.001, 1);

  private static final Row FIRST = RowFactory.create(0.1, 0.05, 22.4, 0.01, 20.0, 0.9);
  private static final Row SECOND = RowFactory.create(0.3, 0.07, 67.2, 0.001, 30.0, 0.7);

  private static Map<String, Double> metrics(List<Row> scores, ModelConfig model) {
    return SplitMetrics.of(
        LocalSpark.session().createDataFrame(scores, SplitMetrics.SCORES).repartition(3), model);
  }

  /** Computed by hand: the mean KL divergence is 44.8 nats, a tenth of a nat per latent element. */
  @Test
  void computesAveragesAndUnits() {
    Map<String, Double> metrics = metrics(List.of(SECOND, FIRST), MODEL);
    Map<String, Double> expected =
        Map.of(
            "loss", 0.2 + 0.1,
            "reg_term", 0.1,
            "bce_nats_per_pixel", 0.2,
            "entropy_floor_nats_per_pixel", 0.06,
            "recon_nats_per_image", 156.8,
            "kl_nats_per_image", 44.8,
            "elbo_nats_per_image", -201.6,
            "mse", 0.0055,
            "psnr_db", 25.0,
            "ssim", 0.8);
    assertThat(metrics.keySet()).containsExactlyElementsOf(SplitMetrics.NAMES);
    assertThat(expected.keySet()).hasSameElementsAs(SplitMetrics.NAMES);
    expected.forEach(
        (name, value) -> assertThat(metrics.get(name)).as(name).isCloseTo(value, within(1e-9)));
  }

  @Test
  void weighsOnlyTheLossByLambda() {
    ModelConfig light = new ModelConfig(16, 0, 0.05, 0.001, 1);
    Map<String, Double> metrics = metrics(List.of(FIRST, SECOND), light);
    assertThat(metrics.get("reg_term")).isCloseTo(0.01, within(1e-12));
    assertThat(metrics.get("loss")).isCloseTo(0.21, within(1e-12));
    assertThat(metrics.get("elbo_nats_per_image")).isCloseTo(-201.6, within(1e-9));
  }

  /** β is 784 pixels over 448 latent elements. */
  @Test
  void betaIsTheWeightOfTheKlDivergence() {
    assertThat(MODEL.beta()).isCloseTo(1.75, within(1e-12));
    double loss = metrics(List.of(FIRST, SECOND), MODEL).get("loss");
    assertThat(loss * ModelConfig.PIXELS).isCloseTo(156.8 + MODEL.beta() * 44.8, within(1e-9));
  }

  @Test
  void doesNotDependOnImageOrder() {
    List<Row> scores =
        IntStream.range(0, 1000)
            .mapToObj(i -> RowFactory.create(1.0 / (i + 3), 0.0, 1e6 / (i + 7), 0.1 * i, 9.9, 0.3))
            .toList();
    List<Row> shuffled = new ArrayList<>(scores);
    Collections.shuffle(shuffled, new Random(3));
    assertThat(metrics(shuffled, MODEL)).isEqualTo(metrics(scores, MODEL));
  }

  /** An infinite score must remain visible, so that the result is rejected. */
  @Test
  void propagatesInfiniteScores() {
    Row infinite = RowFactory.create(Double.POSITIVE_INFINITY, 0.07, 67.2, 0.001, 30.0, 0.7);
    Map<String, Double> metrics = metrics(List.of(FIRST, infinite), MODEL);
    assertThat(metrics.get("loss")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(metrics.get("ssim")).isCloseTo(0.8, within(1e-9));
  }
}
