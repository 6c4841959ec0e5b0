package org.sparkvae.training.spark;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function0;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.selftest.SelfTest;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.ProcessSelfTest;
import org.sparkvae.training.Trainer;
import org.sparkvae.training.spark.MinibatchPartitioner.Assignment;

/** A trainer that distributes each epoch's minibatches to the executors. */
abstract class DistributedTrainer implements Trainer {
  final ComputationGraph model;
  final EpochDistributor distributor;
  final JavaSparkContext spark;
  final EpochFailureDetector failureDetector;
  private final Map<String, String> backends = new TreeMap<>();

  /**
   * Creates a trainer that continues to train a model.
   *
   * @param model the model, with Adam's state if it was trained before
   * @param images a DataFrame with the columns {@code image_id} and {@code pixels}
   * @param count the number of images
   * @param batchSize the number of images in a minibatch of the distributor
   * @param executors the executors to train on, one replica each
   * @param seed the seed of the epochs' permutations and of the noise
   * @throws ConfigurationException if an executor does not pass the self-test
   */
  DistributedTrainer(
      ComputationGraph model,
      Dataset<Row> images,
      int count,
      int batchSize,
      ExecutorGroup executors,
      long seed,
      Assignment assignment) {
    this.model = model;
    this.distributor = new EpochDistributor(images, count, batchSize, executors, seed, assignment);
    this.spark = JavaSparkContext.fromSparkContext(images.sparkSession().sparkContext());
    this.failureDetector = new EpochFailureDetector(spark.sc());
    SelfTest test = SelfTest.of(model);
    prepareExecutors(
        () -> ProcessSelfTest.run(test),
        result -> backends.put(result.process(), ProcessSelfTest.check(result).backend()));
  }

  /**
   * Runs a function once on each executor before the first epoch.
   *
   * @param check receives each result, except for nulls, on the driver. If it throws, training does
   *     not start.
   */
  final <T> void prepareExecutors(Function0<T> function, Consumer<T> check) {
    try {
      failureDetector.watch(() -> distributor.executors().runOnEach(function).forEach(check));
    } catch (RuntimeException e) {
      failureDetector.close();
      throw e;
    }
  }

  @Override
  public final int workers() {
    return distributor.workers();
  }

  @Override
  public final Map<String, String> backends() {
    return backends;
  }

  @Override
  public final int batchSize() {
    return distributor.batchSize();
  }

  @Override
  public final ComputationGraph model() {
    return model;
  }

  @Override
  public void close() {
    failureDetector.close();
  }
}
