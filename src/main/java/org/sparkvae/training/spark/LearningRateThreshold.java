package org.sparkvae.training.spark;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.sparkvae.model.VaeGraph;

/**
 * The learning rate as the threshold of what waits in the residual before it travels: a step of
 * Adam's is about that, and of those tried with a rate that stays none was better by more than
 * chance (docs/convergence.md).
 */
final class LearningRateThreshold extends FixedThresholdAlgorithm {
  private static final long serialVersionUID = 1L;

  private final IUpdater updater;

  private LearningRateThreshold(IUpdater updater) {
    super(updater.getLearningRate(0, 0));
    this.updater = updater;
  }

  /** That follows a model's rate. */
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
