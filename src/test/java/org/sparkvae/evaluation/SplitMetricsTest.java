package org.sparkvae.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sparkvae.model.Architecture;

class SplitMetricsTest {
  /** λ = 0.5 and 16 · 28 = 448 latent elements. */
  private static final Architecture MODEL = new Architecture(16, 0, 0.5, 0.001, 1);

  private static final ImageScores FIRST = new ImageScores(0, 0.1, 0.05, 22.4, 0.01, 0.9);
  private static final ImageScores SECOND = new ImageScores(1, 0.3, 0.07, 67.2, 0.001, 0.7);

  /** By hand: the mean KL is 44.8 nats, a tenth of a nat for each latent element. */
  @Test
  void averagesAndUnitsAreAsByHand() {
    Map<String, Double> metrics = SplitMetrics.of(List.of(SECOND, FIRST), MODEL);
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
  void lambdaWeighsTheLossAndNotTheBound() {
    Architecture light = new Architecture(16, 0, 0.05, 0.001, 1);
    Map<String, Double> metrics = SplitMetrics.of(List.of(FIRST, SECOND), light);
    assertThat(metrics.get("reg_term")).isCloseTo(0.01, within(1e-12));
    assertThat(metrics.get("loss")).isCloseTo(0.21, within(1e-12));
    assertThat(metrics.get("elbo_nats_per_image")).isCloseTo(-201.6, within(1e-9));
  }

  /** 784 pixels' worth of one nat for 448 elements. */
  @Test
  void betaIsTheWeightOfAnImagesDivergence() {
    assertThat(MODEL.beta()).isCloseTo(1.75, within(1e-12));
    double loss = SplitMetrics.of(List.of(FIRST, SECOND), MODEL).get("loss");
    assertThat(loss * Architecture.PIXELS).isCloseTo(156.8 + MODEL.beta() * 44.8, within(1e-9));
  }

  @Test
  void theOrderOfTheImagesDoesNotMatterToTheLastBit() {
    List<ImageScores> scores =
        IntStream.range(0, 1000)
            .mapToObj(i -> new ImageScores(i, 1.0 / (i + 3), 0, 1e6 / (i + 7), 0.1 * i, 0.3))
            .toList();
    List<ImageScores> shuffled = new ArrayList<>(scores);
    Collections.shuffle(shuffled, new Random(3));
    assertThat(SplitMetrics.of(shuffled, MODEL)).isEqualTo(SplitMetrics.of(scores, MODEL));
  }
}
