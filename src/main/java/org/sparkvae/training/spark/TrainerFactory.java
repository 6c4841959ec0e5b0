package org.sparkvae.training.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.config.Settings;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.selftest.SelfTest;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.ProcessSelfTest;
import org.sparkvae.training.LocalTrainer;
import org.sparkvae.training.MappedImages;
import org.sparkvae.training.Trainer;

/** A factory for the trainer that the settings name. */
public final class TrainerFactory {
  private TrainerFactory() {}

  /**
   * Creates a trainer. Waits for executors to register if the trainer needs them.
   *
   * @param model the model to train
   * @param images a DataFrame with the columns {@code image_id}, 0 … count − 1, and {@code pixels}
   * @param count the number of images
   * @throws ConfigurationException if the number of workers differs from {@code --workers}, or if a
   *     worker does not pass the self-test
   */
  public static Trainer create(
      Settings settings, ComputationGraph model, Dataset<Row> images, int count) {
    SparkSession spark = images.sparkSession();
    int batchSize = settings.minibatchSize(count);
    long seed = settings.seed();
    return switch (settings.trainer()) {
      case LOCAL -> {
        checkWorkers(settings, spark);
        ProcessSelfTest.check(ProcessSelfTest.run(SelfTest.of(model)));
        yield new LocalTrainer(model, MappedImages.of(images), batchSize, seed);
      }
      case SHARED ->
          new SharedTrainer(model, images, count, batchSize, executors(settings, spark), seed);
      case ALLREDUCE ->
          new AllReduceTrainer(model, images, count, batchSize, executors(settings, spark), seed);
      case AVERAGING ->
          new AveragingTrainer(model, images, count, batchSize, executors(settings, spark), seed);
    };
  }

  /**
   * Checks that the number of workers is the one in the settings. Waits for executors to register
   * if the trainer needs them.
   *
   * @return the number of workers
   * @throws ConfigurationException if the number differs
   */
  public static int checkWorkers(Settings settings, SparkSession spark) {
    if (settings.trainer() == TrainerKind.LOCAL) {
      requireWorkers(settings, 1, spark);
      return 1;
    }
    return executors(settings, spark).count();
  }

  /** Returns the executors, one per worker. In local mode the driver is the only executor. */
  private static ExecutorGroup executors(Settings settings, SparkSession spark) {
    ExecutorGroup executors = ExecutorGroup.await(spark, settings.workers());
    requireWorkers(settings, executors.count(), spark);
    return executors;
  }

  private static void requireWorkers(Settings settings, int actual, SparkSession spark) {
    int expected = settings.workers();
    if (expected == 0 || expected == actual) {
      return;
    }
    String master = spark.sparkContext().master();
    String reason;
    String advice;
    if (spark.sparkContext().isLocal()) {
      reason = "the master is %s, which has one worker".formatted(master);
      advice = "train on a cluster with another trainer than local (--master spark://HOST:7077)";
    } else if (settings.trainer() == TrainerKind.LOCAL) {
      reason = "--trainer local has one worker, the driver";
      advice = "use another trainer, such as --trainer allreduce";
    } else {
      reason =
          "%s has %d %s, and each is one worker"
              .formatted(master, actual, actual == 1 ? "executor" : "executors");
      advice = "change the number of executors with spark.cores.max and spark.executor.cores";
    }
    throw new ConfigurationException(
        "--workers %d: %s. Omit --workers, or %s.".formatted(expected, reason, advice));
  }
}
