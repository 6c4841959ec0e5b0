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
 * Reports each minibatch's loss, stops at the first that is not finite, and gives each minibatch's
 * dropout its own seed, so that masks depend neither on what ran before nor on which process runs.
 */
public final class MinibatchListener extends BaseTrainingListener implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long seed;
  private final int workers;
  private final Sink sink;

  /** Takes losses, on whichever machine they arise. */
  public interface Sink extends Consumer<TrainedMinibatch>, Serializable {}

  /**
   * Listens to one replica.
   *
   * @param workers that train at the same time, each on its own partition
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
      throw new DivergenceException("iteration %d: the loss is not finite".formatted(iteration));
    }
    seedDropout(iteration + 1);
  }

  private void seedDropout(int iteration) {
    // No task means one worker, the first.
    long minibatch = (long) iteration * workers + TaskContext.getPartitionId();
    Nd4j.getRandom().setSeed(SplitMix64.mix(SplitMix64.mix(seed) + minibatch));
  }
}
