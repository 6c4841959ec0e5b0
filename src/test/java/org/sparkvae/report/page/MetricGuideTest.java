package org.sparkvae.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricGuideTest {
  @ParameterizedTest
  @CsvSource({
    "test.loss, LOWER",
    "train.loss, LOWER",
    "test.iwae_50_nats_per_image, HIGHER",
    "test.active_units, NEITHER",
    "prior.frechet_distance, LOWER",
    "posterior_mixture.recall, HIGHER",
    "beta, NEITHER"
  })
  void saysWhichWayIsBetter(String metric, MetricGuide.Better better) {
    assertThat(MetricGuide.of(metric)).map(MetricGuide::better).contains(better);
  }

  @ParameterizedTest
  @ValueSource(strings = {"loss", "prior.loss", "train.recall", "tests.loss", ""})
  void hasNoLineForOtherNames(String metric) {
    assertThat(MetricGuide.of(metric)).isEmpty();
  }

  @Test
  void everyMetricOfTheDesignHasALine() {
    Stream<String> splits =
        Stream.of(
                "loss",
                "reg_term",
                "bce_nats_per_pixel",
                "entropy_floor_nats_per_pixel",
                "recon_nats_per_image",
                "kl_nats_per_image",
                "elbo_nats_per_image",
                "iwae_5_nats_per_image",
                "mse",
                "psnr_db",
                "ssim",
                "active_units",
                "classifier_accuracy",
                "frechet_distance")
            .flatMap(name -> Stream.of("train." + name, "test." + name));
    Stream<String> draws =
        Stream.of(
                "frechet_distance",
                "inception_score",
                "precision",
                "recall",
                "classifier_confidence",
                "class_entropy_nats")
            .flatMap(name -> Stream.of("prior." + name, "posterior_mixture." + name));
    Stream<String> others =
        Stream.of(
            "beta",
            "classifier.test_accuracy",
            "floor.frechet_distance",
            "latent.linear_probe_accuracy",
            "latent.knn_accuracy");
    assertThat(Stream.of(splits, draws, others).flatMap(names -> names))
        .allSatisfy(
            name ->
                assertThat(MetricGuide.of(name))
                    .map(MetricGuide::line)
                    .get()
                    .asString()
                    .isNotBlank());
  }
}
