package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.sparkvae.model.ModelConfig.DECODER_CHANNELS;

import org.deeplearning4j.optimize.solvers.accumulation.encoding.ThresholdAlgorithm;
import org.junit.jupiter.api.Test;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.testing.SmallModels;

class LearningRateThresholdTest {
  private static LearningRateThreshold threshold(ModelConfig config) {
    return LearningRateThreshold.of(SmallModels.untrained(config));
  }

  private static double valueAt(ThresholdAlgorithm threshold, int epoch) {
    return threshold.calculateThreshold(0, epoch, null, null, null, null);
  }

  @Test
  void followsTheLearningRateOfTheEpoch() {
    ModelConfig decaying = new ModelConfig(2, DECODER_CHANNELS, 0, 0.5, 0, 0.001, 0.5, 1);
    LearningRateThreshold threshold = threshold(decaying);
    assertThat(valueAt(threshold, 0)).isCloseTo(0.001, within(1e-12));
    assertThat(valueAt(threshold.clone(), 3)).isCloseTo(0.000125, within(1e-12));
    var reducer = threshold.newReducer();
    reducer.add(threshold);
    assertThat(valueAt(reducer.getFinalResult(), 2)).isCloseTo(0.00025, within(1e-12));
  }

  @Test
  void staysConstantWithAConstantLearningRate() {
    ModelConfig constant = new ModelConfig(2, 0, 0.5, 0.002, 1);
    LearningRateThreshold threshold = threshold(constant);
    assertThat(valueAt(threshold, 7)).isEqualTo(0.002);
  }
}
