package org.sparkvae.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricInfoTest {
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
  void definesTheDirectionOfImprovement(String metric, MetricInfo.Better better) {
    assertThat(MetricInfo.of(metric)).map(MetricInfo::better).contains(better);
  }

  @ParameterizedTest
  @ValueSource(strings = {"loss", "prior.loss", "train.recall", "tests.loss", ""})
  void hasNoExplanationForOtherNames(String metric) {
    assertThat(MetricInfo.of(metric)).isEmpty();
  }
}
