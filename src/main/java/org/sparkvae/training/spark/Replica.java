package org.sparkvae.training.spark;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.solvers.accumulation.EncodedGradientsAccumulator;

/**
 * This process's replica of the model. Deeplearning4j makes it once and never sets it right again;
 * here every epoch begins where the driver says, and ends with a report of what was done.
 */
final class Replica {
  private static ModelState start;
  private static ComputationGraph model;
  private static LocalUpdateAccumulator updates;
  private static int worker;

  private Replica() {}

  /**
   * What a replica did in an epoch.
   *
   * @param epochs done before this one
   * @param worker partition that it trained on
   * @param minibatches trained on
   * @param updates their sum, to be subtracted from the parameters that the epoch began with
   * @param parameters where the replica stands
   * @param updaterState Adam's moments there
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Report(
      int epochs,
      int worker,
      int minibatches,
      float[] updates,
      float[] parameters,
      float[] updaterState)
      implements Serializable {}

  /** Takes note of where the next epoch begins, and sets a replica that is there already right. */
  static synchronized String adopt(ModelState state) {
    start = state;
    updates = null;
    if (model == null) {
      return ModelState.digest(state.parameters());
    }
    state.assignTo(model);
    return ModelState.digest(ModelState.values(model.params()));
  }

  /** Forgets the replica of an earlier training in this process. */
  static synchronized String begin(ModelState state) {
    model = null;
    return adopt(state);
  }

  /** What this process did since the last {@link #adopt}, or null if it had no part. */
  static synchronized Report report() {
    if (updates == null) {
      return null;
    }
    return new Report(
        start.epochs(),
        worker,
        updates.minibatches(),
        ModelState.values(updates.sum()),
        ModelState.values(model.params()),
        ModelState.values(model.getUpdater().getStateViewArray()));
  }

  private static synchronized void startEpoch(ComputationGraph replica) {
    model = replica;
    worker = TaskContext.getPartitionId();
    start.assignTo(replica);
    updates =
        new LocalUpdateAccumulator(
            replica,
            (EncodedGradientsAccumulator) replica.getOptimizer().getGradientsAccumulator());
    replica.setGradientsAccumulator(updates);
  }

  /** Sets the replica right when a worker begins an epoch. */
  static final class AtEpochStart extends BaseTrainingListener implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public void onEpochStart(Model replica) {
      startEpoch((ComputationGraph) replica);
    }
  }
}
