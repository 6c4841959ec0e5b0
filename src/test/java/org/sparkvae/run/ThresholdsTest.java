package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sparkvae.failure.ConfigurationFailure;
import org.sparkvae.failure.ThresholdFailure;

class ThresholdsTest {
  private static final Map<String, Double> METRICS = Map.of("test.loss", 0.3, "test.ssim", 0.8);

  private static void check(Map<String, Double> most, Map<String, Double> least) {
    new Thresholds(most, least).check(METRICS, "runs/a/evaluation.json");
  }

  @Test
  void whatLiesBetweenPasses() {
    assertThatCode(() -> check(Map.of("test.loss", 0.3), Map.of("test.ssim", 0.8)))
        .doesNotThrowAnyException();
  }

  @Test
  void everyMetricBeyondIsNamed() {
    assertThatThrownBy(() -> check(Map.of("test.loss", 0.29), Map.of("test.ssim", 0.9)))
        .isInstanceOf(ThresholdFailure.class)
        .hasMessageContainingAll(
            "runs/a/evaluation.json",
            "test.loss is 0.3, above 0.29",
            "test.ssim is 0.8, below 0.9");
  }

  @Test
  void whatWasNotMeasuredCannotBeCompared() {
    assertThatThrownBy(() -> check(Map.of("prior.recall", 1.0), Map.of()))
        .isInstanceOf(ConfigurationFailure.class)
        .hasMessageContainingAll("runs/a/evaluation.json has no prior.recall", "too few images");
  }

  @Test
  void aNameThatIsNoneIsAnErrorBeforehand() {
    Thresholds thresholds = new Thresholds(Map.of(), Map.of("test.los", 1.0));
    assertThatThrownBy(() -> thresholds.checkNames(Set.of("test.loss")))
        .isInstanceOf(ConfigurationFailure.class)
        .hasMessageContainingAll("--fail-below test.los", "test.loss");
  }

  @Test
  void noNumberIsNoLimit() {
    Thresholds thresholds = new Thresholds(Map.of("test.loss", Double.NaN), Map.of());
    assertThatThrownBy(() -> thresholds.checkNames(Set.of("test.loss")))
        .isInstanceOf(ConfigurationFailure.class);
  }
}
