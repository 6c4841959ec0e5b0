package org.sparkvae.training;

import java.io.Serializable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.model.noise.NoiseKey;

/**
 * A message that a minibatch was trained, sent by the process that trained it.
 *
 * @param key the noise key of the minibatch's first image, which identifies it within the epoch
 * @param loss the loss, measured before the update of the parameters
 */
public record TrainedMinibatch(long key, MinibatchLoss loss) implements Serializable {

  /** Returns the minibatch that a graph was last trained on. */
  static TrainedMinibatch of(ComputationGraph graph) {
    return of(graph, MinibatchLoss.of(graph));
  }

  /**
   * Returns a minibatch whose first images a graph was last trained on.
   *
   * @param loss the loss of the whole minibatch
   */
  public static TrainedMinibatch of(ComputationGraph graph, MinibatchLoss loss) {
    INDArray keys =
        graph.getInput(graph.getConfiguration().getNetworkInputs().indexOf(VaeGraph.NOISE_KEY));
    return new TrainedMinibatch(
        NoiseKey.decode(keys.getDouble(0, 0, 0), keys.getDouble(0, 0, 1)), loss);
  }

  /** Returns the keys of all minibatches of an epoch, in the order of the epoch. */
  static long[] keys(
      EpochPermutation permutation, int epoch, int images, int batchSize, long seed) {
    long[] keys = new long[(images + batchSize - 1) / batchSize];
    for (int minibatch = 0; minibatch < keys.length; minibatch++) {
      keys[minibatch] = NoiseKey.of(seed, epoch, permutation.imageAt(minibatch * batchSize));
    }
    return keys;
  }
}
