package org.sparkvae.training.spark;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.collective.Communicator;
import org.sparkvae.training.MinibatchLoss;

/**
 * An updater that sums the gradients of all replicas before Adam's step. Each replica computed them
 * for its part of the minibatch, and each takes the same step.
 */
final class AllReduceUpdater extends ComputationGraphUpdater {
  private final Communicator communicator;
  private final BatchNormStatistics statistics;
  private double bce;
  private double regTerm;

  /** Installs an updater in a replica. It keeps Adam's moments. */
  static AllReduceUpdater install(ComputationGraph replica, Communicator communicator) {
    AllReduceUpdater updater = new AllReduceUpdater(replica, communicator);
    replica.setUpdater(updater);
    return updater;
  }

  private AllReduceUpdater(ComputationGraph replica, Communicator communicator) {
    super(replica, replica.getUpdater().getStateViewArray());
    this.communicator = communicator;
    this.statistics = BatchNormStatistics.of(replica);
  }

  /**
   * Returns the loss of the last minibatch, over all replicas.
   *
   * @param images the number of images in the minibatch
   */
  MinibatchLoss loss(int images) {
    return new MinibatchLoss(bce, regTerm, images);
  }

  @Override
  public synchronized void update(
      Gradient gradient, int iteration, int epoch, int localImages, LayerWorkspaceMgr workspaces) {
    MinibatchLoss local = MinibatchLoss.of(network);
    double[] totals = {local.bce() * localImages, local.regTerm() * localImages, localImages};
    communicator.sum(totals);
    int images = (int) totals[2];
    bce = totals[0] / images;
    regTerm = totals[1] / images;

    sumGradients(gradient.gradient(), (double) localImages / images);
    super.update(gradient, iteration, epoch, images, workspaces);
  }

  /**
   * Sums the gradients of all replicas. The steps of batch norm's running statistics are averaged
   * instead. With this project's layers they are equal on all replicas.
   *
   * @param weight the fraction of the minibatch's images on this replica
   */
  private void sumGradients(INDArray gradients, double weight) {
    float[] values = ModelState.values(gradients);
    for (BatchNormStatistics.Range range : statistics.ranges()) {
      for (int i = range.from(); i < range.to(); i++) {
        values[i] *= (float) weight;
      }
    }
    communicator.sum(values);
    gradients.assign(Nd4j.createFromArray(values).reshape(gradients.shape()));
  }
}
