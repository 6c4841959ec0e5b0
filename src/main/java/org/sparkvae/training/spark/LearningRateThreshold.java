package org.sparkvae.training.spark;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.sparkvae.model.VaeGraph;

/**
 * A threshold algorithm whose threshold is the current learning rate. A worker accumulates the
 * updates of each parameter, and sends them to the other workers once they exceed the threshold.
 *
 * <p>The learning rate is about the size of one Adam step before {@link LocalBatch} shortens it. In
 * the runs of {@code bench/convergence}, half and twice the learning rate gave similar losses, and
 * Deeplearning4j's adaptive threshold a higher one.
 */
final class LearningRateThreshold extends FixedThresholdAlgorithm {
  private final IUpdater updater;

  private LearningRateThreshold(IUpdater updater) {
    super(updater.getLearningRate(0, 0));
    this.updater = updater;
  }

  /** Returns a threshold that follows the learning rate of a model. */
  static LearningRateThreshold of(ComputationGraph model) {
    return new LearningRateThreshold(
        model.getLayer(VaeGraph.MEAN).conf().getLayer().getUpdaterByParam("W"));
  }

  @Override
  public double calculateThreshold(
      int iteration,
      int epoch,
      Double lastThreshold,
      Boolean lastWasDense,
      Double lastSparsityRatio,
      INDArray updatesPlusResidual) {
    return updater.getLearningRate(iteration, epoch);
  }

  @Override
  public LearningRateThreshold clone() {
    return new LearningRateThreshold(updater);
  }

  @Override
  public String toString() {
    return "LearningRateThreshold(" + updater + ")";
  }
}
