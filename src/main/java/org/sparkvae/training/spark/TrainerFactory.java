package org.sparkvae.training.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.config.Settings;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.training.LocalTrainer;
import org.sparkvae.training.MappedImages;
import org.sparkvae.training.Trainer;

/** The trainer that settings ask for, on the executors that there are. */
public final class TrainerFactory {
  private TrainerFactory() {}

  /**
   * Makes it, which waits for executors.
   *
   * @param model to train on
   * @param images with columns {@code image_id}, 0 … count − 1, and {@code pixels}
   * @throws ConfigurationException if there are other executors than asked for
   */
  public static Trainer of(
      Settings settings, ComputationGraph model, Dataset<Row> images, int count) {
    SparkSession spark = images.sparkSession();
    int batchSize = settings.batchSize();
    long seed = settings.seed();
    return switch (settings.trainer()) {
      case LOCAL -> new LocalTrainer(model, MappedImages.of(images), batchSize, seed);
      case SHARED ->
          new SharedTrainer(model, images, count, batchSize, executors(settings, spark), seed);
      case AVERAGING ->
          new AveragingTrainer(model, images, count, batchSize, executors(settings, spark), seed);
    };
  }

  /**
   * Makes sure that there are as many workers as asked for.
   *
   * @throws ConfigurationException if not
   */
  public static void check(Settings settings, SparkSession spark) {
    if (settings.trainer() == TrainerKind.LOCAL) {
      agree(settings, 1, spark);
    } else {
      executors(settings, spark);
    }
  }

  /** One replica in each executor; {@code local[*]} is one executor, the driver itself. */
  private static ExecutorGroup executors(Settings settings, SparkSession spark) {
    ExecutorGroup executors = ExecutorGroup.await(spark, settings.workers());
    agree(settings, executors.count(), spark);
    return executors;
  }

  private static void agree(Settings settings, int there, SparkSession spark) {
    int asked = settings.workers();
    if (asked != 0 && asked != there) {
      boolean single = settings.trainer() == TrainerKind.LOCAL || spark.sparkContext().isLocal();
      throw new ConfigurationException(
          "--workers %d: --trainer %s has %d here (%s), one for each executor; leave --workers out, or %s"
              .formatted(
                  asked,
                  settings.trainer(),
                  there,
                  spark.sparkContext().master(),
                  single
                      ? "train with --trainer shared or averaging on a cluster, --master spark://HOST:7077"
                      : "change the executors with spark.cores.max and spark.executor.cores"));
    }
  }
}
