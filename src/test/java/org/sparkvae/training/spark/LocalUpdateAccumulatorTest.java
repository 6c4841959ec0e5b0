package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sparkvae.model.ModelConfig.DECODER_CHANNELS;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.solvers.accumulation.EncodedGradientsAccumulator;
import org.deeplearning4j.optimize.solvers.accumulation.EncodingHandler;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.deeplearning4j.optimize.stepfunctions.NegativeGradientStepFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.testing.SmallModels;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalUpdateAccumulatorTest {
  private final ComputationGraph model =
      SmallModels.untrained(new ModelConfig(4, DECODER_CHANNELS, 0, 0.5, 0, 0.001, 1, 5));
  private final AtomicInteger messages = new AtomicInteger();

  private LocalUpdateAccumulator accumulator(LocalBatch batch, double threshold) {
    EncodedGradientsAccumulator encoded =
        new EncodedGradientsAccumulator.Builder(1)
            .messageHandler(
                new EncodingHandler(new FixedThresholdAlgorithm(threshold), null, null, false) {
                  @Override
                  protected void sendMessage(INDArray message, int iteration, int epoch) {
                    messages.incrementAndGet();
                  }
                })
            .build();
    encoded.touch();
    encoded.registerConsumers(1);
    return new LocalUpdateAccumulator(model, encoded, batch);
  }

  /** The worker's own step is scaled. The running statistics of batch norm move by all of it. */
  @Test
  void scalesItsUpdatesExceptForRunningStatistics() {
    LocalUpdateAccumulator accumulator = accumulator(new LocalBatch(25, 0.25, 1), 1);
    float[] before = ModelState.values(model.params());
    INDArray update = model.params().like().assign(0.5);

    accumulator.storeUpdate(update, 0, 0);
    accumulator.applyUpdate(
        new NegativeGradientStepFunction(), model.params(), model.params().like(), true);

    float[] moved = ModelState.values(model.params());
    float[] sum = ModelState.values(accumulator.sum());
    float[] expectedSum = new float[sum.length];
    Arrays.fill(expectedSum, 0.125f);
    for (BatchNormStatistics.Range range : BatchNormStatistics.of(model).ranges()) {
      Arrays.fill(expectedSum, range.from(), range.to(), 0);
    }
    assertThat(sum).isEqualTo(expectedSum);
    for (int i = 0; i < moved.length; i++) {
      assertThat(moved[i]).isEqualTo(before[i] - (sum[i] == 0 ? 0.5f : 0.125f));
    }
  }

  /** Neither of the two updates exceeds the threshold alone. */
  @Test
  void sendsTheSumOfSeveralUpdates() {
    LocalUpdateAccumulator accumulator = accumulator(new LocalBatch(25, 1, 2), 0.75);
    accumulator.storeUpdate(model.params().like().assign(0.5), 0, 0);
    assertThat(messages).hasValue(0);
    accumulator.storeUpdate(model.params().like().assign(0.5), 1, 0);
    assertThat(messages).hasValue(1);
    accumulator.storeUpdate(model.params().like().assign(0.5), 2, 0);
    assertThat(messages).hasValue(1);
  }
}
