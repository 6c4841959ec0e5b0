package org.sparkvae.report.page;

import static org.assertj.core.api.Assertions.assertThat;

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
}
