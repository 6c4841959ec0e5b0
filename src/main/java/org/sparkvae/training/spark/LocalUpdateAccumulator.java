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
 * Stands before Deeplearning4j's accumulator, which quantises a worker's updates and sends them to
 * its peers. A worker's own replica takes its updates as they are: what is smaller than the
 * threshold waits only where it has to travel. They are added up too, so that at an epoch's end
 * none is lost to the residual or on the way. Running statistics are each worker's own.
 */
final class LocalUpdateAccumulator implements GradientsAccumulator {
  private static final long serialVersionUID = 1L;

  private final transient EncodedGradientsAccumulator encoded;
  private final transient INDArray parameters;
  private final transient INDArray sum;
  private final transient INDArray latest;
  private final transient BatchNormStatistics statistics;
  private boolean isPending;
  private int minibatches;

  LocalUpdateAccumulator(ComputationGraph model, EncodedGradientsAccumulator encoded) {
    this.encoded = encoded;
    this.parameters = model.params();
    this.sum = parameters.like();
    this.latest = parameters.like();
    this.statistics = BatchNormStatistics.of(model);
  }

  /** All updates so far, to be subtracted from the parameters that they began with. */
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
    sum.addi(update);
    latest.assign(update);
    isPending = true;
    minibatches++;
    encoded.storeUpdate(update, iteration, epoch);
    // What it has kept of this for the own replica is the quantised update.
    encoded.getMessages().forEach(Collection::clear);
  }

  private static INDArray slice(INDArray flat, BatchNormStatistics.Range range) {
    return flat.reshape(flat.length()).get(NDArrayIndex.interval(range.from(), range.to()));
  }

  @Override
  public void applyUpdate(StepFunction step, INDArray model, INDArray updates, boolean isLast) {
    encoded.applyUpdate(step, model, updates, isLast);
    applyOwn(step, model);
  }

  private void applyOwn(StepFunction step, INDArray model) {
    // Peers' updates are applied before a minibatch too.
    if (isPending) {
      step.step(model, latest);
      isPending = false;
    }
  }

  @Override
  public void applyUpdate(StepFunction step, INDArray model, INDArray updates, double alpha) {
    throw new UnsupportedOperationException("gradient descent takes whole steps");
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
