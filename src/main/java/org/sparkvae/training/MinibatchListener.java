package org.sparkvae.training;

import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.model.noise.SplitMix64;

/**
 * A training listener that reports the loss of each minibatch and stops at the first NaN or
 * infinite loss.
 *
 * <p>It also seeds the dropout of each minibatch. Dropout masks therefore depend neither on earlier
 * minibatches nor on the process that trains.
 */
public final class MinibatchListener extends BaseTrainingListener implements Serializable {
  private final long seed;
  private final int workers;
  private final Sink sink;

  /** A serializable consumer of losses, called on the machine that trains. */
  public interface Sink extends Consumer<TrainedMinibatch>, Serializable {}

  /**
   * Creates a listener for one replica.
   *
   * @param workers the number of workers that train at the same time, each on its own partition
   */
  public MinibatchListener(long seed, int workers, Sink sink) {
    this.seed = seed;
    this.workers = workers;
    this.sink = sink;
  }

  @Override
  public void onEpochStart(Model model) {
    seedDropout(((ComputationGraph) model).getConfiguration().getIterationCount());
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    TrainedMinibatch minibatch = TrainedMinibatch.of((ComputationGraph) model);
    sink.accept(minibatch);
    if (!minibatch.loss().isFinite()) {
      throw new DivergenceException(
          "iteration %d: the loss is NaN or infinite.".formatted(iteration));
    }
    seedDropout(iteration + 1);
  }

  private void seedDropout(int iteration) {
    // Outside a Spark task there is a single worker, and the partition id is 0.
    long minibatch = (long) iteration * workers + TaskContext.getPartitionId();
    Nd4j.getRandom().setSeed(SplitMix64.mix(SplitMix64.mix(seed) + minibatch));
  }
}
