package org.sparkvae.training.spark;

import java.io.Serializable;
import java.util.Iterator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.sparkvae.collective.Communicator;
import org.sparkvae.model.cpu.SyncBatchNorm;
import org.sparkvae.training.MinibatchListener;
import org.sparkvae.training.MinibatchLoss;
import org.sparkvae.training.PrefetchingIterator;
import org.sparkvae.training.TrainedMinibatch;

/**
 * A replica of the model that trains on a part of each minibatch, together with the replicas of the
 * other workers. Each step is the step that one JVM would take on the whole minibatch, up to
 * rounding. All replicas take the same step, bit for bit.
 */
final class AllReduceReplica {
  private final ComputationGraph model;
  private final Communicator communicator;
  private final AllReduceUpdater updater;

  /**
   * The model from which each replica starts an epoch.
   *
   * @param configuration the layers and Adam's settings
   */
  record Start(ComputationGraphConfiguration configuration, ModelState state)
      implements Serializable {}

  /**
   * The model of one replica after an epoch.
   *
   * @param digest the digest of the state, which must be the same for all replicas
   * @param state the state on the first worker, null on the others
   */
  record EpochResult(String digest, ModelState state) implements Serializable {}

  AllReduceReplica(Start start, Communicator communicator) {
    this.communicator = communicator;
    this.model = new ComputationGraph(start.configuration().clone());
    model.init();
    start.state().assignTo(model);
    this.updater = AllReduceUpdater.install(model, communicator);
    for (Layer layer : model.getLayers()) {
      if (layer instanceof SyncBatchNorm batchNorm) {
        batchNorm.setReplicaSum(communicator::sum);
      }
    }
  }

  /**
   * Trains on this worker's parts of an epoch's minibatches.
   *
   * @param parts the parts, in the order of the epoch
   * @param partitioner the partitioner that split the minibatches
   * @param losses the sender of the minibatches' losses, which only the first worker uses
   */
  EpochResult trainEpoch(
      Iterator<MultiDataSet> parts, MinibatchPartitioner partitioner, LossSender losses) {
    boolean isFirst = communicator.rank() == 0;
    Iterator<MultiDataSet> minibatches = new PrefetchingIterator(parts);
    for (int index = 0; minibatches.hasNext(); index++) {
      model.fit(minibatches.next());
      MinibatchLoss loss = updater.loss(partitioner.minibatchSize(index));
      if (isFirst) {
        losses.send(TrainedMinibatch.of(model, loss));
      }
      MinibatchListener.checkFinite(loss, model.getConfiguration().getIterationCount());
    }
    losses.flush();
    model.incrementEpochCount();
    ModelState end = ModelState.of(model);
    return new EpochResult(end.digest(), isFirst ? end : null);
  }
}
