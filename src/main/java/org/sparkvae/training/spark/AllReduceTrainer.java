package org.sparkvae.training.spark;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.sparkvae.collective.Communicator;
import org.sparkvae.collective.GlooLibrary;
import org.sparkvae.exception.TransientException;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.SparkVaePlugin;
import org.sparkvae.spark.TaskAllGather;
import org.sparkvae.training.TrainedMinibatch;
import org.sparkvae.training.spark.MinibatchPartitioner.Assignment;

/**
 * A trainer that splits each minibatch over the executors and sums their gradients with an
 * all-reduce. Its result does not depend on the number of executors, except for rounding.
 *
 * <p>No state remains in the executors after an epoch. Each epoch is one barrier stage, which
 * starts from the model on the driver and returns the trained model to it.
 */
public final class AllReduceTrainer extends DistributedTrainer {
  /**
   * The time in which the driver notices why a worker's connection failed. If a host stops, the
   * sums of the other workers fail after 20 s, and the driver notices the host after 30 s to 35 s.
   */
  private static final Duration CAUSE_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  /**
   * Creates a trainer that continues to train a model.
   *
   * @param model the model, with Adam's state if it was trained before
   * @param images a DataFrame with the columns {@code image_id} and {@code pixels}
   * @param count the number of images
   * @param batchSize the number of images in a minibatch, over all executors
   * @param executors the executors to train on, one replica each
   */
  public AllReduceTrainer(
      ComputationGraph model,
      Dataset<Row> images,
      int count,
      int batchSize,
      ExecutorGroup executors,
      long seed) {
    super(model, images, count, batchSize, executors, seed, Assignment.SPLIT_MINIBATCH);
    if (executors.count() > 1) {
      prepareExecutors(AllReduceTrainer::loadGloo, loaded -> {});
    }
  }

  private static Object loadGloo() {
    GlooLibrary.load();
    return null;
  }

  @Override
  public double trainEpoch(int epoch, Consumer<TrainedMinibatch> trained) {
    distributor.train(
        epoch, failureDetector, trained, minibatches -> trainReplicas(epoch, minibatches));
    return 0;
  }

  private void trainReplicas(int epoch, JavaRDD<MultiDataSet> minibatches) {
    MinibatchPartitioner partitioner = distributor.partitioner(epoch);
    Broadcast<AllReduceReplica.Start> start =
        spark.broadcast(new AllReduceReplica.Start(model.getConfiguration(), ModelState.of(model)));
    String network =
        distributor.workers() == 1
            ? null
            : WorkerAddress.networkMask(spark.getConf().get("spark.driver.host"));
    List<AllReduceReplica.EpochResult> results;
    try {
      results =
          minibatches
              .mapPartitions(
                  parts ->
                      List.of(trainPart(parts, start.value(), partitioner, network)).iterator())
              .collect();
    } finally {
      // On a stopped context this call would throw and hide the reason for the stop.
      if (!spark.sc().isStopped()) {
        start.destroy();
      }
    }
    checkEqual(results);
    results.stream()
        .map(AllReduceReplica.EpochResult::state)
        .filter(Objects::nonNull)
        .forEach(state -> state.assignTo(model));
  }

  /**
   * Trains on a worker's parts of the minibatches.
   *
   * @param network the driver's network, in which the workers listen; null if there is one worker
   */
  private static AllReduceReplica.EpochResult trainPart(
      Iterator<MultiDataSet> parts,
      AllReduceReplica.Start start,
      MinibatchPartitioner partitioner,
      String network) {
    String address = network == null ? null : WorkerAddress.localAddress(network);
    try (Communicator communicator =
        Communicator.join(
            TaskAllGather::allGather,
            address,
            TaskContext.getPartitionId(),
            partitioner.workers())) {
      AllReduceReplica.EpochResult result =
          new AllReduceReplica(start, communicator)
              .trainEpoch(parts, partitioner, new LossSender(SparkVaePlugin::send));
      communicator.awaitAll();
      return result;
    } catch (TransientException e) {
      awaitCause();
      throw e;
    }
  }

  /**
   * Waits until the driver cancels this task because it knows why the connection to another worker
   * failed. Otherwise it might learn of the failed connection first, and report that as the cause.
   */
  private static void awaitCause() {
    TaskContext task = TaskContext.get();
    long start = System.nanoTime();
    while (System.nanoTime() - start < CAUSE_TIMEOUT.toNanos()) {
      task.killTaskIfInterrupted();
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
  }

  /** Checks that all replicas have the same parameters and the same moments, bit for bit. */
  private static void checkEqual(List<AllReduceReplica.EpochResult> results) {
    if (results.stream().map(AllReduceReplica.EpochResult::digest).distinct().count() > 1) {
      throw new IllegalStateException(
          "The replicas' parameters or moments differ after the epoch. Report this with the log.");
    }
  }
}
