package org.sparkvae.training.spark;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A training hook that restores a worker's iteration and epoch counters in an averaging round.
 *
 * <p>Deeplearning4j starts each round with counters of 0, which affect Adam's bias correction and
 * all per-epoch schedules.
 */
record RestoreCountersHook(int iterations, int epochs) implements TrainingHook {
  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {
    ComputationGraphConfiguration configuration = ((ComputationGraph) model).getConfiguration();
    if (configuration.getIterationCount() < iterations) {
      configuration.setIterationCount(iterations);
    }
    configuration.setEpochCount(epochs);
  }

  @Override
  public void preUpdate(DataSet minibatch, Model model) {
    throw new UnsupportedOperationException(
        "A DataSet is not supported. The model has two inputs, so use a MultiDataSet.");
  }

  @Override
  public void postUpdate(DataSet minibatch, Model model) {}

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {}
}
