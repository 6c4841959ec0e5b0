package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.sparkvae.model.ModelConfig.DECODER_CHANNELS;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.testing.SmallModels;

class ReplicaSynchronizerTest {
  private final ComputationGraph model = model();
  private final BatchNormStatistics statistics = BatchNormStatistics.of(model);
  private final BatchNormStatistics.Range firstRange = statistics.ranges().get(0);
  private final int size = (int) model.numParams();

  private static ComputationGraph model() {
    return SmallModels.untrained(new ModelConfig(2, 0, 0.5, 0.001, 1));
  }

  /** Returns flattened parameters with one value, and another value for the running statistics. */
  private float[] values(double parameters, double statistic) {
    float[] values = new float[size];
    java.util.Arrays.fill(values, (float) parameters);
    for (BatchNormStatistics.Range range : statistics.ranges()) {
      java.util.Arrays.fill(values, range.from(), range.to(), (float) statistic);
    }
    return values;
  }

  private Replica.EpochResult result(
      int worker, double updates, double parameters, double statistic) {
    return new Replica.EpochResult(
        3,
        worker,
        5,
        FloatBytes.of(values(updates, 0)),
        new ModelState(values(parameters, statistic), new float[] {worker, 4}, 5, 4));
  }

  @Test
  void findsRunningStatisticsOfEveryBlock() {
    // The mean and the standard deviation of each channel.
    assertThat(statistics.ranges()).hasSize(2 * DECODER_CHANNELS.size());
    assertThat(statistics.ranges().stream().mapToInt(range -> range.to() - range.from()).sum())
        .isEqualTo(2 * DECODER_CHANNELS.stream().mapToInt(channels -> channels).sum());
    double distinctValues =
        statistics.ranges().stream()
            .mapToDouble(range -> model.params().getDouble(range.from()))
            .distinct()
            .count();
    assertThat(distinctValues).as("initial mean 0 and standard deviation 1").isLessThanOrEqualTo(2);
  }

  @Test
  void appliesEveryUpdateOnceToTheStartOfTheEpoch() {
    ModelState start = new ModelState(values(10, 7), new float[] {9, 9}, 40, 3);
    ModelState end =
        ReplicaSynchronizer.synchronize(
            start, List.of(result(0, 1, 8.9, 2), result(1, 0.5, 9.1, 4)), statistics, 5);
    assertThat(end.parameters()[0]).isEqualTo(8.5f);
    assertThat(end.parameters()[size - 1]).isEqualTo(8.5f);
    assertThat(end.parameters()[firstRange.from()]).as("running statistics").isEqualTo(3f);
    assertThat(end.parameters()[firstRange.to() - 1]).isEqualTo(3f);
    assertThat(end.updaterState()).containsExactly(0.5f, 4);
    assertThat(end.iterations()).isEqualTo(45);
    assertThat(end.epochs()).isEqualTo(4);
  }

  @Test
  void multipliesTheStepOfTheAverageByTheNumberOfWorkers() {
    ModelState start = new ModelState(values(10, 7), new float[] {9, 9}, 40, 3);
    ModelState average = new ModelState(values(9.75, 2), new float[] {1, 2}, 2, 0);
    ModelState end = ReplicaSynchronizer.scaleAverage(start, average, 3, statistics, 2);
    assertThat(end.parameters()[0]).isEqualTo(9.25f);
    assertThat(end.parameters()[firstRange.from()]).as("running statistics").isEqualTo(2f);
    assertThat(end.updaterState()).containsExactly(1, 2);
    assertThat(end.iterations()).isEqualTo(42);
    assertThat(end.epochs()).isEqualTo(3);
  }

  @Test
  void driftIsTheLargestDistanceRelativeToTheModelsStep() {
    ModelState start = new ModelState(values(0, 0), new float[0], 0, 0);
    ModelState end = new ModelState(values(2, 2), new float[0], 0, 1);
    List<Replica.EpochResult> results = List.of(result(0, 0, 2, 2), result(1, 0, 1.5, 1.5));
    assertThat(ReplicaSynchronizer.drift(start, end, results)).isCloseTo(0.25, within(1e-6));
  }
}
