package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTableTest {
  private static String lines(Map<String, Double> metrics) {
    return String.join("\n", EvaluationTable.lines(metrics)).replaceAll(" +", " ");
  }

  @Test
  void hasAColumnForEachSplitAndForEachSourceOfGeneratedImages() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("beta", 0.109375);
    metrics.put("floor.frechet_distance", 0.5);
    metrics.put("train.loss", 0.25);
    metrics.put("test.loss", 0.375);
    metrics.put("test.taste", -7.5);
    metrics.put("prior.frechet_distance", 16.0);
    metrics.put("posterior_mixture.frechet_distance", 8.0);

    assertThat(lines(metrics))
        .isEqualTo(
            """
            beta 0.1094
            floor.frechet_distance 0.5000
             train test
            loss 0.2500 0.3750
            taste -7.5000
             prior posterior_mixture
            frechet_distance 16.0000 8.0000""");
  }

  @Test
  void omitsTablesWithoutMetrics() {
    assertThat(lines(Map.of("beta", 1.0))).isEqualTo("beta 1.0000");
  }
}
