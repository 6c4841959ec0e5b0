package org.sparkvae.training.spark;

import java.util.Collection;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.StepFunction;
import org.deeplearning4j.optimize.solvers.accumulation.EncodedGradientsAccumulator;
import org.deeplearning4j.optimize.solvers.accumulation.GradientsAccumulator;
import org.deeplearning4j.optimize.solvers.accumulation.IndexedTail;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A decorator of Deeplearning4j's accumulator, which quantizes a worker's updates and sends them to
 * the other workers.
 *
 * <p>Quantization sends only the values of an update that exceed a threshold. It adds the rest, the
 * <i>residual</i>, to later updates. With this class, the worker's own replica gets every update
 * exactly and at once. Only the other replicas get quantized updates.
 *
 * <p>The exact updates are also summed. At the end of an epoch the sum contains what is still in
 * the residual and what the network lost. Batch norm's running statistics stay local to the worker.
 *
 * <p>Before all this, an update is multiplied by {@link LocalBatch#stepScale}. The updates of
 * {@link LocalBatch#sendInterval} minibatches are sent together.
 */
final class LocalUpdateAccumulator implements GradientsAccumulator {
  private final transient EncodedGradientsAccumulator encoded;
  private final transient INDArray parameters;
  private final transient INDArray sum;
  private final transient INDArray latest;
  private final transient INDArray unsent;
  private final transient BatchNormStatistics statistics;
  private final LocalBatch batch;
  private boolean isPending;
  private int minibatches;

  /**
   * Creates an accumulator without updates.
   *
   * @param batch the worker's part of each minibatch
   */
  LocalUpdateAccumulator(
      ComputationGraph model, EncodedGradientsAccumulator encoded, LocalBatch batch) {
    this.encoded = encoded;
    this.batch = batch;
    this.parameters = model.params();
    this.sum = parameters.like();
    this.latest = parameters.like();
    this.unsent = parameters.like();
    this.statistics = BatchNormStatistics.of(model);
  }

  /** Returns the sum of all updates so far, to be subtracted from the initial parameters. */
  INDArray sum() {
    return sum;
  }

  int minibatches() {
    return minibatches;
  }

  @Override
  public void storeUpdate(INDArray update, int iteration, int epoch) {
    for (BatchNormStatistics.Range range : statistics.ranges()) {
      INDArray step = slice(update, range);
      slice(parameters, range).subi(step);
      step.assign(0);
    }
    update.muli(batch.stepScale());
    sum.addi(update);
    latest.assign(update);
    unsent.addi(update);
    isPending = true;
    minibatches++;
    if (minibatches % batch.sendInterval() == 0) {
      encoded.storeUpdate(unsent, iteration, epoch);
      unsent.assign(0);
      // Drop the quantized update for this worker's own replica, which gets the exact one instead.
      encoded.getMessages().forEach(Collection::clear);
    }
  }

  private static INDArray slice(INDArray flat, BatchNormStatistics.Range range) {
    return flat.reshape(flat.length()).get(NDArrayIndex.interval(range.from(), range.to()));
  }

  @Override
  public void applyUpdate(StepFunction step, INDArray model, INDArray updates, boolean isLast) {
    encoded.applyUpdate(step, model, updates, isLast);
    // This method is also called before a minibatch, to apply only the updates of other workers.
    if (isPending) {
      step.step(model, latest);
      isPending = false;
    }
  }

  @Override
  public void applyUpdate(StepFunction step, INDArray model, INDArray updates, double alpha) {
    throw new UnsupportedOperationException(
        "Scaled steps are not supported. Stochastic gradient descent applies updates unscaled.");
  }

  @Override
  public void receiveUpdate(INDArray update) {
    encoded.receiveUpdate(update);
  }

  @Override
  public void setExternalSource(IndexedTail source) {
    encoded.setExternalSource(source);
  }

  @Override
  public IndexedTail getExternalSource() {
    return encoded.getExternalSource();
  }

  @Override
  public void markExternalUpdates(boolean available) {
    encoded.markExternalUpdates(available);
  }

  @Override
  public void reset() {
    encoded.reset();
  }

  @Override
  public void touch() {
    encoded.touch();
  }

  @Override
  public boolean hasAnything() {
    return encoded.hasAnything();
  }
}
