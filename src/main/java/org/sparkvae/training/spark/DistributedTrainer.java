package org.sparkvae.training.spark;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.training.Trainer;
import org.sparkvae.training.spark.MinibatchPartitioner.Assignment;

/** A trainer that distributes each epoch's minibatches to the executors. */
abstract class DistributedTrainer implements Trainer {
  final ComputationGraph model;
  final EpochDistributor distributor;
  final JavaSparkContext spark;
  final EpochFailureDetector failureDetector;

  /**
   * Creates a trainer that continues to train a model.
   *
   * @param model the model, with Adam's state if it was trained before
   * @param images a DataFrame with the columns {@code image_id} and {@code pixels}
   * @param count the number of images
   * @param batchSize the number of images in a minibatch of the distributor
   * @param executors the executors to train on, one replica each
   * @param seed the seed of the epochs' permutations and of the noise
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
  }

  @Override
  public final int workers() {
    return distributor.workers();
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
