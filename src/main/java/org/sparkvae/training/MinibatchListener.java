package org.sparkvae.training;

import java.io.Serializable;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.sparkvae.exception.DivergenceException;

/**
 * A training listener that reports the loss of each minibatch and stops at the first NaN or
 * infinite loss.
 */
public final class MinibatchListener extends BaseTrainingListener implements Serializable {
  private final Sink sink;

  /** A serializable consumer of losses, called on the machine that trains. */
  public interface Sink extends Consumer<TrainedMinibatch>, Serializable {}

  /** Creates a listener for one replica. */
  public MinibatchListener(Sink sink) {
    this.sink = sink;
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    TrainedMinibatch minibatch = TrainedMinibatch.of((ComputationGraph) model);
    sink.accept(minibatch);
    checkFinite(minibatch.loss(), iteration);
  }

  /**
   * Checks the loss of a minibatch.
   *
   * @throws DivergenceException if it is NaN or infinite
   */
  public static void checkFinite(MinibatchLoss loss, int iteration) {
    if (!loss.isFinite()) {
      throw new DivergenceException(
          "iteration %d: the loss is NaN or infinite.".formatted(iteration));
    }
  }
}
