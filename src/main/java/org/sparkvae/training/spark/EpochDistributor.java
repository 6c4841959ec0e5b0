package org.sparkvae.training.spark;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.SparkVaePlugin;
import org.sparkvae.training.EpochPermutation;
import org.sparkvae.training.TrainedMinibatch;

/**
 * Deals an epoch's minibatches out to the executors, and hears from the workers while they train.
 *
 * @param images with columns {@code image_id} and {@code pixels}
 * @param count of images
 * @param executors to train on, one replica each
 */
record EpochDistributor(
    Dataset<Row> images, int count, int batchSize, ExecutorGroup executors, long seed) {
  private static final long LATE_MESSAGES_MILLIS = 10_000;

  int workers() {
    return executors.count();
  }

  int minibatches() {
    return (count + batchSize - 1) / batchSize;
  }

  /** Minibatches of the worker that has most. */
  int minibatchesPerWorker() {
    return (minibatches() + workers() - 1) / workers();
  }

  /**
   * Trains on every minibatch once.
   *
   * @param fit what to do with them, a partition for each worker
   */
  void train(
      int epoch,
      EpochFailureDetector guard,
      Consumer<TrainedMinibatch> trained,
      Consumer<JavaRDD<MultiDataSet>> fit) {
    EpochPermutation order = new EpochPermutation(seed, epoch, count);
    JavaRDD<MultiDataSet> minibatches =
        executors
            .together(MinibatchPartitioner.of(images, order, epoch, batchSize, workers(), seed))
            .persist(StorageLevel.MEMORY_AND_DISK());
    AtomicInteger counted = new AtomicInteger();
    try {
      SparkVaePlugin.listenDuring(
          () ->
              guard.watch(
                  () -> {
                    fit.accept(minibatches);
                    awaitLateMessages(counted);
                  }),
          message -> {
            if (message instanceof TrainedMinibatch minibatch) {
              guard.sign();
              trained.accept(minibatch);
              counted.addAndGet(minibatch.loss().images());
            }
          });
    } finally {
      // Else this would hide why Spark was stopped.
      if (!images.sparkSession().sparkContext().isStopped()) {
        minibatches.unpersist(false);
      }
    }
  }

  /** Losses travel beside the task's own result, and the last may come after it. */
  private void awaitLateMessages(AtomicInteger counted) {
    long deadline = System.currentTimeMillis() + LATE_MESSAGES_MILLIS;
    try {
      while (counted.get() < count && System.currentTimeMillis() < deadline) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
