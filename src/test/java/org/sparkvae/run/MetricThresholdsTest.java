package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ThresholdException;

class MetricThresholdsTest {
  private static final Map<String, Double> METRICS = Map.of("test.loss", 0.3, "test.ssim", 0.8);

  private static void check(Map<String, Double> maximums, Map<String, Double> minimums) {
    new MetricThresholds(maximums, minimums).check(METRICS, "runs/a/evaluation.json");
  }

  @Test
  void acceptsMetricsWithinTheLimits() {
    assertThatCode(() -> check(Map.of("test.loss", 0.3), Map.of("test.ssim", 0.8)))
        .doesNotThrowAnyException();
  }

  @Test
  void namesEveryMetricBeyondItsLimit() {
    assertThatThrownBy(() -> check(Map.of("test.loss", 0.29), Map.of("test.ssim", 0.9)))
        .isInstanceOf(ThresholdException.class)
        .hasMessageContainingAll(
            "runs/a/evaluation.json",
            "test.loss is 0.3, above 0.29",
            "test.ssim is 0.8, below 0.9");
  }

  @Test
  void rejectsALimitOfAMissingMetric() {
    assertThatThrownBy(() -> check(Map.of("prior.recall", 1.0), Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("runs/a/evaluation.json has no prior.recall", "too few images");
  }

  @Test
  void rejectsUnknownMetricNames() {
    MetricThresholds thresholds = new MetricThresholds(Map.of(), Map.of("test.los", 1.0));
    assertThatThrownBy(() -> thresholds.checkNames(Set.of("test.loss")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("--fail-below test.los: unknown metric. Did you mean test.loss?");
  }

  @Test
  void listsAllMetricsIfNoneIsSimilar() {
    MetricThresholds thresholds = new MetricThresholds(Map.of("xyz", 1.0), Map.of());
    assertThatThrownBy(() -> thresholds.checkNames(METRICS.keySet()))
        .hasMessageStartingWith("--fail-above xyz: unknown metric. Choose one of: test.");
  }

  @Test
  void rejectsNaNAsALimit() {
    MetricThresholds thresholds = new MetricThresholds(Map.of("test.loss", Double.NaN), Map.of());
    assertThatThrownBy(() -> thresholds.checkNames(Set.of("test.loss")))
        .isInstanceOf(ConfigurationException.class);
  }
}
