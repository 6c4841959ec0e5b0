package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sparkvae.model.ModelConfig.DECODER_CHANNELS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.collective.WorkerThreads;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.Minibatch;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.spark.TestImages;
import org.sparkvae.testing.SmallModels;
import org.sparkvae.training.EpochPermutation;
import org.sparkvae.training.MinibatchListener;
import org.sparkvae.training.TrainedMinibatch;
import org.sparkvae.training.spark.MinibatchPartitioner.Assignment;

/** Replicas, here one per thread, take the steps that one JVM takes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AllReduceReplicaTest {
  private static final int SEED = 5;
  private static final int BATCH = 20;

  private static final ModelConfig CONFIG =
      new ModelConfig(4, DECODER_CHANNELS, 0.1, 0.5, 0, 0.001, 1, SEED);

  /**
   * Also tests a minibatch that has fewer images than there are workers, the last of the two
   * minibatches of 20 and 6 images.
   */
  @ParameterizedTest
  @CsvSource({"2, 20", "3, 20", "8, 26"})
  void takesTheStepsOfOneJvm(int workers, int count) {
    EpochPermutation permutation = new EpochPermutation(SEED, 1, count);
    MinibatchPartitioner partitioner =
        new MinibatchPartitioner(permutation, 1, BATCH, workers, SEED);
    ComputationGraph local = SmallModels.untrained(CONFIG);
    AllReduceReplica.Start start =
        new AllReduceReplica.Start(local.getConfiguration().clone(), ModelState.of(local));
    List<TrainedMinibatch> expectedMinibatches = new ArrayList<>();
    local.setListeners(new MinibatchListener(expectedMinibatches::add));
    parts(partitioner, 0, 1).forEach(local::fit);
    ModelState expected = ModelState.of(local);

    List<TrainedMinibatch> minibatches = new ArrayList<>();
    List<AllReduceReplica.EpochResult> results =
        WorkerThreads.run(
            workers,
            communicator ->
                new AllReduceReplica(start, communicator)
                    .trainEpoch(
                        parts(partitioner, communicator.rank(), workers).iterator(),
                        partitioner,
                        new LossSender(message -> minibatches.addAll(message.minibatches()))));

    assertThat(results)
        .extracting(AllReduceReplica.EpochResult::digest)
        .containsOnly(results.get(0).digest());
    ModelState actual = results.get(0).state();
    assertClose(actual.parameters(), expected.parameters());
    // After one step, Adam's first moment is a tenth of the gradient.
    assertClose(actual.updaterState(), expected.updaterState());
    for (BatchNormStatistics.Range range : BatchNormStatistics.of(local).ranges()) {
      assertClose(
          Arrays.copyOfRange(actual.parameters(), range.from(), range.to()),
          Arrays.copyOfRange(expected.parameters(), range.from(), range.to()));
    }
    assertThat(actual.iterations()).isEqualTo(expected.iterations());
    assertThat(actual.epochs()).isEqualTo(1);
    assertThat(minibatches)
        .usingRecursiveFieldByFieldElementComparator(
            RecursiveComparisonConfiguration.builder()
                .withEqualsForType((a, b) -> Math.abs(a - b) < 1e-5 * b, Double.class)
                .build())
        .isEqualTo(expectedMinibatches);
  }

  /** The layers of the GPU build compute batch norm's statistics for each part of a minibatch. */
  @Test
  void replicasWithDeeplearning4jsLayersStayEqual() {
    MinibatchPartitioner partitioner =
        new MinibatchPartitioner(new EpochPermutation(SEED, 1, 26), 1, BATCH, 2, SEED);
    ComputationGraph model =
        VaeGraph.withBackend(LayerBackend.DL4J, SmallModels.untrained(CONFIG), CONFIG);
    AllReduceReplica.Start start =
        new AllReduceReplica.Start(model.getConfiguration(), ModelState.of(model));
    List<AllReduceReplica.EpochResult> results =
        WorkerThreads.run(
            2,
            communicator ->
                new AllReduceReplica(start, communicator)
                    .trainEpoch(
                        parts(partitioner, communicator.rank(), 2).iterator(),
                        partitioner,
                        new LossSender(message -> {})));
    assertThat(results.get(1).digest())
        .isEqualTo(results.get(0).digest())
        .isNotEqualTo(start.state().digest());
  }

  /** Returns a worker's parts of the minibatches, or the minibatches themselves for one worker. */
  private static List<MultiDataSet> parts(
      MinibatchPartitioner partitioner, int worker, int workers) {
    List<MultiDataSet> parts = new ArrayList<>();
    for (int from = 0; from < partitioner.permutation().count(); from += BATCH) {
      int first = from;
      int size = partitioner.minibatchSize(from / BATCH);
      int[] positions =
          IntStream.range(0, size)
              .filter(
                  index ->
                      workers == 1
                          || partitioner
                              .workersOf(first + index, Assignment.SPLIT_MINIBATCH)
                              .anyMatch(other -> other == worker))
              .toArray();
      int[] images = new int[positions.length];
      for (int i = 0; i < images.length; i++) {
        images[i] = partitioner.permutation().imageAt(from + positions[i]);
      }
      parts.add(
          new Minibatch(
              IntStream.of(images).mapToObj(TestImages::pixels).toArray(byte[][]::new),
              IntStream.of(images).mapToLong(image -> NoiseKey.of(SEED, 1, image)).toArray()));
    }
    return parts;
  }

  /** Asserts that the distance of two vectors is at most a millionth of their length. */
  private static void assertClose(float[] actual, float[] expected) {
    INDArray vector = Nd4j.createFromArray(expected);
    assertThat(Nd4j.createFromArray(actual).distance2(vector))
        .isLessThan(1e-6 * vector.norm2Number().doubleValue());
  }
}
