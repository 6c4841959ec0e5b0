package org.sparkvae.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTest {
  @ParameterizedTest
  @CsvSource({
    "test.loss, LOSS, LOWER",
    "train.loss, LOSS, LOWER",
    "test.iwae_50_nats_per_image, IMPORTANCE_WEIGHTED_BOUND, HIGHER",
    "test.active_units, ACTIVE_UNITS, NEITHER",
    "test.frechet_distance, RECONSTRUCTION_FRECHET_DISTANCE, LOWER",
    "prior.frechet_distance, FRECHET_DISTANCE, LOWER",
    "posterior_mixture.recall, RECALL, HIGHER",
    "beta, BETA, NEITHER"
  })
  void findsTheMetricOfAName(String name, Metric metric, Metric.Better better) {
    assertThat(Metric.of(name)).contains(metric);
    assertThat(metric.better()).isEqualTo(better);
  }

  @ParameterizedTest
  @ValueSource(strings = {"loss", "prior.loss", "train.recall", "tests.loss", "train.beta", ""})
  void doesNotFindOtherNames(String name) {
    assertThat(Metric.of(name)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void sharesIndexesAndDecibelsHaveNoRatio(Metric.Unit unit) {
    assertThat(unit.hasRatio())
        .isEqualTo(
            !List.of("dB", "fraction", "probability", "index from −1 to 1")
                .contains(unit.toString()));
  }

  /** The order of evaluation.json: the run, each split, each source of generated images. */
  @Test
  void namesAreInTheOrderOfTheFile() {
    assertThat(Metric.names(7, metric -> true))
        .startsWith(
            "beta", "images_per_split", "classifier.test_accuracy", "floor.frechet_distance")
        .containsSubsequence(
            "latent.linear_probe_accuracy",
            "latent.knn_accuracy",
            "train.loss",
            "train.reg_term",
            "train.bce_nats_per_pixel",
            "train.entropy_floor_nats_per_pixel",
            "train.recon_nats_per_image",
            "train.kl_nats_per_image",
            "train.elbo_nats_per_image",
            "train.mse",
            "train.psnr_db",
            "train.ssim",
            "train.iwae_7_nats_per_image",
            "train.active_units",
            "train.classifier_accuracy",
            "train.frechet_distance",
            "test.loss",
            "test.frechet_distance",
            "prior.frechet_distance",
            "prior.inception_score",
            "prior.precision",
            "prior.recall",
            "prior.classifier_confidence",
            "prior.class_entropy_nats",
            "posterior_mixture.frechet_distance",
            "posterior_mixture.class_entropy_nats");
  }

  @Test
  void findsEveryMetricByEachOfItsNames() {
    assertThat(Metric.names(5, metric -> true))
        .allSatisfy(name -> assertThat(Metric.of(name)).as(name).isPresent())
        .hasSize(Arrays.stream(Metric.values()).mapToInt(m -> m.source().prefixes().size()).sum());
  }

  /** A cell of the reference page holds at most 220 characters, with a space on either side. */
  @ParameterizedTest
  @EnumSource
  void meaningIsShortAndEndsWithAPeriod(Metric metric) {
    assertThat(metric.meaning()).endsWith(".").doesNotContain("|", "  ").hasSizeBetween(20, 218);
  }
}
