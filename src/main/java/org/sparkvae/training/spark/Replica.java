package org.sparkvae.training.spark;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.solvers.accumulation.EncodedGradientsAccumulator;

/**
 * The replica of the model in this process.
 *
 * <p>Deeplearning4j creates the replica once and never resets it. Here every epoch starts from the
 * state that the driver sets, and ends with a result that the replica returns to the driver.
 */
final class Replica {
  private static ModelState start;
  private static ComputationGraph model;
  private static LocalUpdateAccumulator updates;
  private static int worker;

  private Replica() {}

  /**
   * The work of one replica in an epoch.
   *
   * @param epochs the number of epochs before this one
   * @param worker the index of the worker, which is that of its partition
   * @param minibatches the number of minibatches that it trained on
   * @param updates the sum of its updates, to be subtracted from the parameters at the epoch's
   *     start
   * @param end the state of the replica at the end
   */
  record EpochResult(int epochs, int worker, int minibatches, FloatBytes updates, ModelState end)
      implements Serializable {}

  /**
   * Sets the state from which the next epoch starts, and assigns it to the replica if there is one.
   *
   * @return the digest of the replica's parameters, or of the state's if there is no replica yet
   */
  static synchronized String setStart(ModelState state) {
    start = state;
    updates = null;
    if (model == null) {
      return ModelState.digest(state.parameters());
    }
    state.assignTo(model);
    return ModelState.digest(ModelState.values(model.params()));
  }

  /** Discards the replica of an earlier training in this process and sets the start state. */
  static synchronized String reset(ModelState state) {
    model = null;
    return setStart(state);
  }

  /** Returns the work since the last {@link #setStart}, or null if this process did not train. */
  static synchronized EpochResult epochResult() {
    if (updates == null) {
      return null;
    }
    return new EpochResult(
        start.epochs(),
        worker,
        updates.minibatches(),
        FloatBytes.of(ModelState.values(updates.sum())),
        ModelState.of(model));
  }

  private static synchronized void startEpoch(ComputationGraph replica, LocalBatch batch) {
    model = replica;
    worker = TaskContext.getPartitionId();
    start.assignTo(replica);
    updates =
        new LocalUpdateAccumulator(
            replica,
            (EncodedGradientsAccumulator) replica.getOptimizer().getGradientsAccumulator(),
            batch);
    replica.setGradientsAccumulator(updates);
  }

  /** A listener that assigns the start state to the replica when a worker starts an epoch. */
  static final class EpochStartListener extends BaseTrainingListener implements Serializable {
    private final LocalBatch batch;

    /**
     * Creates a listener.
     *
     * @param batch the replica's part of each minibatch
     */
    EpochStartListener(LocalBatch batch) {
      this.batch = batch;
    }

    @Override
    public void onEpochStart(Model replica) {
      startEpoch((ComputationGraph) replica, batch);
    }
  }
}
