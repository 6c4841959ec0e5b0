package org.sparkvae.training.spark;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.sparkvae.collective.Communicator;
import org.sparkvae.training.MinibatchLoss;

/**
 * An updater that sums the gradients of all replicas before Adam's step. Each replica computed them
 * for its part of the minibatch, and each takes the same step.
 */
final class AllReduceUpdater extends ComputationGraphUpdater {
  private final Communicator communicator;
  private final BatchNormStatistics statistics;

  /** The gradients of all parameters, followed by the loss and the number of images. */
  private final INDArray sums;

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
    this.sums = Nd4j.create(DataType.FLOAT, replica.numParams() + 3);
  }

  /**
   * Returns the loss of the last minibatch, over all replicas.
   *
   * @param images the number of images in the minibatch
   */
  MinibatchLoss loss(int images) {
    return new MinibatchLoss(bce, regTerm, images);
  }

  /**
   * Sums the gradients and takes Adam's step. A single sum for all values saves waiting times. The
   * steps of batch norm's running statistics are averaged instead. With this project's layers they
   * are equal on all replicas.
   */
  @Override
  public synchronized void update(
      Gradient gradient, int iteration, int epoch, int localImages, LayerWorkspaceMgr workspaces) {
    MinibatchLoss local = MinibatchLoss.of(network);
    INDArray gradients = gradient.gradient();
    long count = gradients.length();
    INDArray gradientSums = sums.get(NDArrayIndex.interval(0, count)).reshape(gradients.shape());
    gradientSums.assign(gradients);
    scaleStatistics(localImages);
    sums.putScalar(count, local.bce() * localImages);
    sums.putScalar(count + 1, local.regTerm() * localImages);
    sums.putScalar(count + 2, localImages);

    communicator.sum(sums);

    int images = (int) sums.getDouble(count + 2);
    bce = sums.getDouble(count) / images;
    regTerm = sums.getDouble(count + 1) / images;
    scaleStatistics(1.0 / images);
    gradients.assign(gradientSums);
    super.update(gradient, iteration, epoch, images, workspaces);
  }

  private void scaleStatistics(double factor) {
    for (BatchNormStatistics.Range range : statistics.ranges()) {
      sums.get(NDArrayIndex.interval(range.from(), range.to())).muli(factor);
    }
  }
}
