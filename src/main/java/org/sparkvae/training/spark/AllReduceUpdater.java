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
import org.sparkvae.collective.Communicator.PendingSum;
import org.sparkvae.model.DecoderBlockConfig;
import org.sparkvae.model.SamplingLayerImpl;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.training.MinibatchLoss;

/**
 * An updater that sums the gradients of all replicas before Adam's step. Each replica computed them
 * for its part of the minibatch, and each takes the same step. The sum of the decoder's gradients,
 * which are nearly all, is computed while the encoder's backward pass runs.
 */
final class AllReduceUpdater extends ComputationGraphUpdater {
  private final Communicator communicator;
  private final BatchNormStatistics statistics;

  /** The index of the decoder's first parameter. The encoder's are before it. */
  private final long decoderStart;

  /** The gradients of the encoder, followed by the loss and the number of images. */
  private final INDArray encoderSums;

  private PendingSum decoderSum;
  private double bce;
  private double regTerm;

  /** Installs an updater in a replica. It keeps Adam's moments. */
  static AllReduceUpdater install(ComputationGraph replica, Communicator communicator) {
    AllReduceUpdater updater = new AllReduceUpdater(replica, communicator);
    replica.setUpdater(updater);
    ((SamplingLayerImpl) replica.getLayer(VaeGraph.SAMPLE))
        .setDecoderGradientsListener(updater::startDecoderSum);
    return updater;
  }

  private AllReduceUpdater(ComputationGraph replica, Communicator communicator) {
    super(replica, replica.getUpdater().getStateViewArray());
    this.communicator = communicator;
    this.statistics = BatchNormStatistics.of(replica);
    this.decoderStart = decoderStart(replica);
    this.encoderSums = Nd4j.create(DataType.FLOAT, decoderStart + 3);
  }

  private static long decoderStart(ComputationGraph replica) {
    long start = replica.params().offset();
    String firstBlock = DecoderBlockConfig.name(1);
    return replica.paramTable().entrySet().stream()
        .filter(parameter -> parameter.getKey().startsWith(firstBlock))
        .mapToLong(parameter -> parameter.getValue().offset() - start)
        .min()
        .orElseThrow();
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
   * Starts to sum the decoder's gradients. The steps of batch norm's running statistics are
   * averaged instead. With this project's layers they are equal on all replicas.
   */
  private void startDecoderSum() {
    scaleStatistics((double) network.getInput(0).size(0));
    decoderSum =
        communicator.start(
            gradients().get(NDArrayIndex.interval(decoderStart, network.numParams())));
  }

  /** Sums the encoder's gradients and the losses, and takes Adam's step. */
  @Override
  public synchronized void update(
      Gradient gradient, int iteration, int epoch, int localImages, LayerWorkspaceMgr workspaces) {
    MinibatchLoss local = MinibatchLoss.of(network);
    INDArray encoderGradients = gradients().get(NDArrayIndex.interval(0, decoderStart));
    INDArray encoderGradientSums = encoderSums.get(NDArrayIndex.interval(0, decoderStart));
    encoderGradientSums.assign(encoderGradients);
    encoderSums.putScalar(decoderStart, local.bce() * localImages);
    encoderSums.putScalar(decoderStart + 1, local.regTerm() * localImages);
    encoderSums.putScalar(decoderStart + 2, localImages);

    communicator.sum(encoderSums);
    decoderSum.await();

    int images = (int) encoderSums.getDouble(decoderStart + 2);
    bce = encoderSums.getDouble(decoderStart) / images;
    regTerm = encoderSums.getDouble(decoderStart + 1) / images;
    encoderGradients.assign(encoderGradientSums);
    scaleStatistics(1.0 / images);
    super.update(gradient, iteration, epoch, images, workspaces);
  }

  private INDArray gradients() {
    return network.getFlattenedGradients().reshape(network.numParams());
  }

  private void scaleStatistics(double factor) {
    for (BatchNormStatistics.Range range : statistics.ranges()) {
      gradients().get(NDArrayIndex.interval(range.from(), range.to())).muli(factor);
    }
  }
}
