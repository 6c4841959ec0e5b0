package org.sparkvae.training;

import java.io.Serializable;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.failure.DivergenceFailure;
import org.sparkvae.model.noise.Hash;

/**
 * Reports each minibatch's loss, stops at the first that is not finite, and gives each minibatch's
 * dropout its own seed, so that masks do not depend on what ran before.
 */
public final class MinibatchListener extends BaseTrainingListener implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long seed;
  private final Sink sink;

  /** Takes losses, on whichever machine they arise. */
  public interface Sink extends Consumer<MinibatchLoss>, Serializable {}

  public MinibatchListener(long seed, Sink sink) {
    this.seed = seed;
    this.sink = sink;
  }

  @Override
  public void onEpochStart(Model model) {
    seedDropout(((ComputationGraph) model).getConfiguration().getIterationCount());
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    MinibatchLoss loss = MinibatchLoss.of((ComputationGraph) model);
    sink.accept(loss);
    if (!loss.isFinite()) {
      throw new DivergenceFailure("iteration %d: the loss is not finite".formatted(iteration));
    }
    seedDropout(iteration + 1);
  }

  private void seedDropout(int iteration) {
    Nd4j.getRandom().setSeed(Hash.mix(Hash.mix(seed) + iteration));
  }
}
