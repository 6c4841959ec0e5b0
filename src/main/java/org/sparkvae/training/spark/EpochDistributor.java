package org.sparkvae.training.spark;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.ProcessClock;
import org.sparkvae.spark.SparkVaePlugin;
import org.sparkvae.training.EpochPermutation;
import org.sparkvae.training.TrainedMinibatch;
import org.sparkvae.training.spark.MinibatchPartitioner.Assignment;

/**
 * A distributor of each epoch's minibatches to the executors. It also receives the workers'
 * messages while they train.
 *
 * @param images a DataFrame with the columns {@code image_id} and {@code pixels}
 * @param count the number of images
 * @param batchSize the number of images in a minibatch
 * @param executors the executors to train on, one replica each
 * @param seed the seed of the epochs' permutations and of the noise
 * @param assignment the assignment of a minibatch's images to the executors
 */
record EpochDistributor(
    Dataset<Row> images,
    int count,
    int batchSize,
    ExecutorGroup executors,
    long seed,
    Assignment assignment) {
  private static final long LATE_MESSAGES_TIMEOUT_NANOS = 10_000_000_000L;

  int workers() {
    return executors.count();
  }

  int minibatches() {
    return (count + batchSize - 1) / batchSize;
  }

  /** Returns the largest number of whole minibatches that a worker trains on. */
  int minibatchesPerWorker() {
    return (minibatches() + workers() - 1) / workers();
  }

  MinibatchPartitioner partitioner(int epoch) {
    return new MinibatchPartitioner(
        new EpochPermutation(seed, epoch, count), epoch, batchSize, workers(), seed);
  }

  /**
   * Trains on every minibatch of an epoch once.
   *
   * @param trained the consumer of every trained minibatch
   * @param fit the function that trains on the epoch's minibatches, an RDD with one partition per
   *     worker
   */
  void train(
      int epoch,
      EpochFailureDetector failureDetector,
      Consumer<TrainedMinibatch> trained,
      Consumer<JavaRDD<MultiDataSet>> fit) {
    JavaRDD<MultiDataSet> minibatches =
        executors.inBarrierStage(partitioner(epoch).partition(images, assignment));
    // A worker with parts of all minibatches reads them once.
    if (assignment == Assignment.WHOLE_MINIBATCH) {
      minibatches.persist(StorageLevel.MEMORY_AND_DISK());
    }
    AtomicInteger trainedImages = new AtomicInteger();
    try {
      SparkVaePlugin.runWithListener(
          () ->
              failureDetector.watch(
                  () -> {
                    fit.accept(minibatches);
                    awaitLateMessages(trainedImages);
                  }),
          message -> {
            if (message instanceof LossMessage losses) {
              failureDetector.recordProgress();
              for (TrainedMinibatch minibatch : losses.minibatches()) {
                trained.accept(minibatch);
                trainedImages.addAndGet(minibatch.loss().images());
              }
            }
          });
    } finally {
      // On a stopped context this call would throw and hide the reason for the stop.
      if (!images.sparkSession().sparkContext().isStopped()) {
        minibatches.unpersist(false);
      }
    }
  }

  /** Waits for losses that arrive after their task's result. Spark sends the two separately. */
  private void awaitLateMessages(AtomicInteger trainedImages) {
    long start = ProcessClock.nanoTime();
    try {
      while (trainedImages.get() < count
          && ProcessClock.nanoTime() - start < LATE_MESSAGES_TIMEOUT_NANOS) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
