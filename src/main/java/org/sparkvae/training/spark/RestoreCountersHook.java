package org.sparkvae.training.spark;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Lets a worker of an averaging round count iterations and epochs on: Deeplearning4j begins each
 * round at 0, and with it Adam's bias correction and what changes by the epoch. Its listeners hear
 * of the beginning here, since averaging begins no epoch.
 */
final class RestoreCountersHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  private final int iterations;
  private final int epochs;

  RestoreCountersHook(int iterations, int epochs) {
    this.iterations = iterations;
    this.epochs = epochs;
  }

  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {
    ComputationGraph graph = (ComputationGraph) model;
    ComputationGraphConfiguration configuration = graph.getConfiguration();
    if (configuration.getIterationCount() < iterations) {
      configuration.setIterationCount(iterations);
    }
    configuration.setEpochCount(epochs);
    graph.getListeners().forEach(each -> each.onEpochStart(graph));
  }

  @Override
  public void preUpdate(DataSet minibatch, Model model) {
    throw new UnsupportedOperationException("a graph of two inputs");
  }

  @Override
  public void postUpdate(DataSet minibatch, Model model) {}

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {}
}
