package org.sparkvae.training;

import java.io.Serializable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.model.noise.NoiseKey;

/**
 * Word that a minibatch was trained on, from where that happened.
 *
 * @param key noise key of the minibatch's first image, which tells it from all others of the epoch
 * @param loss measured before the step
 */
public record TrainedMinibatch(long key, MinibatchLoss loss) implements Serializable {

  /** The minibatch that a graph was last trained on. */
  static TrainedMinibatch of(ComputationGraph graph) {
    INDArray keys =
        graph.getInput(graph.getConfiguration().getNetworkInputs().indexOf(VaeGraph.NOISE_KEY));
    return new TrainedMinibatch(
        NoiseKey.decode(keys.getDouble(0, 0, 0), keys.getDouble(0, 0, 1)), MinibatchLoss.of(graph));
  }

  /** The keys of an epoch's minibatches, in their order. */
  static long[] keys(EpochPermutation order, int epoch, int images, int batchSize, long seed) {
    long[] keys = new long[(images + batchSize - 1) / batchSize];
    for (int minibatch = 0; minibatch < keys.length; minibatch++) {
      keys[minibatch] = NoiseKey.of(seed, epoch, order.imageAt(minibatch * batchSize));
    }
    return keys;
  }
}
