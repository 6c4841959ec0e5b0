package org.sparkvae.training.spark;

import java.io.Serializable;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/**
 * Lets a worker count iterations on from a checkpoint: Deeplearning4j starts every fresh worker at
 * 0, and with it Adam's bias correction.
 */
final class IterationCount extends BaseTrainingListener implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int resumed;

  IterationCount(int resumed) {
    this.resumed = resumed;
  }

  @Override
  public void onEpochStart(Model model) {
    ComputationGraphConfiguration configuration = ((ComputationGraph) model).getConfiguration();
    if (configuration.getIterationCount() < resumed) {
      configuration.setIterationCount(resumed);
    }
  }
}
