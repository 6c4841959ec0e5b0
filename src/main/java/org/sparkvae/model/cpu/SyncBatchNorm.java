package org.sparkvae.model.cpu;

/**
 * A layer whose batch norm can use the statistics of a minibatch that is split over several
 * replicas of the model, as PyTorch's {@code SyncBatchNorm}.
 */
public interface SyncBatchNorm {
  /** A sum of one array per replica. */
  @FunctionalInterface
  interface ReplicaSum {
    /** Leaves the values of a single replica unchanged. */
    ReplicaSum SINGLE_REPLICA = values -> {};

    /**
     * Adds the arrays of all replicas. It waits until each replica has called it.
     *
     * @param values the values of this replica, which the sums replace
     */
    void apply(double[] values);
  }

  /** Sets the sum over the replicas, for the following training minibatches. */
  void setReplicaSum(ReplicaSum sum);
}
