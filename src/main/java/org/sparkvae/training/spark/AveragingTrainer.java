package org.sparkvae.training.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.training.MinibatchListener;
import org.sparkvae.training.TrainedMinibatch;
import org.sparkvae.training.spark.MinibatchPartitioner.Assignment;

/**
 * A trainer on Deeplearning4j's {@code ParameterAveragingTrainingMaster}, which uses plain Spark
 * jobs.
 *
 * <p>In each round every executor trains the same model on two minibatches, and the results are
 * averaged. The average of n workers' steps is only as long as one step. It is therefore multiplied
 * by n, which gives the sum of the steps. An epoch with n workers then moves the model as far as an
 * epoch with one.
 */
public final class AveragingTrainer extends DistributedTrainer {
  private static final int MINIBATCHES_PER_ROUND = 2;

  private final MinibatchListener listener;
  private final BatchNormStatistics statistics;

  /**
   * Creates a trainer that continues to train a model.
   *
   * @param model the model, with Adam's state if it was trained before
   * @param images a DataFrame with the columns {@code image_id} and {@code pixels}
   * @param count the number of images
   * @param executors the executors to train on, one replica each
   */
  public AveragingTrainer(
      ComputationGraph model,
      Dataset<Row> images,
      int count,
      int batchSize,
      ExecutorGroup executors,
      long seed) {
    super(model, images, count, batchSize, executors, seed, Assignment.WHOLE_MINIBATCH);
    this.listener = new MinibatchListener(LossMessage::send);
    this.statistics = BatchNormStatistics.of(model);
  }

  @Override
  public double trainEpoch(int epoch, Consumer<TrainedMinibatch> trained) {
    distributor.train(epoch, failureDetector, trained, this::trainRounds);
    model.getConfiguration().setEpochCount(epoch);
    return 0;
  }

  private void trainRounds(JavaRDD<MultiDataSet> minibatches) {
    for (int start = 0;
        start < distributor.minibatchesPerWorker();
        start += MINIBATCHES_PER_ROUND) {
      failureDetector.throwIfFailed();
      int first = start;
      ModelState before = ModelState.of(model);
      ModelState average =
          trainRound(
              before, minibatches.mapPartitions(partition -> minibatchesOf(partition, first)));
      // In the last round some workers may have no minibatch.
      int workers =
          Math.min(
              distributor.workers(), distributor.minibatches() - start * distributor.workers());
      int iterations = Math.min(MINIBATCHES_PER_ROUND, distributor.minibatchesPerWorker() - start);
      ReplicaSynchronizer.scaleAverage(before, average, workers, statistics, iterations)
          .assignTo(model);
    }
  }

  private ModelState trainRound(ModelState start, JavaRDD<MultiDataSet> round) {
    ParameterAveragingTrainingMaster master =
        new ParameterAveragingTrainingMaster.Builder(distributor.workers(), distributor.batchSize())
            .batchSizePerWorker(distributor.batchSize())
            .averagingFrequency(MINIBATCHES_PER_ROUND)
            // The default is false, although the documentation says true.
            .saveUpdater(true)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            // The minibatches are already partitioned, and the whole epoch is persisted.
            .repartionData(Repartition.Never)
            .storageLevel(null)
            .trainingHooks(new RestoreCountersHook(start.iterations(), start.epochs()))
            .build();
    SparkComputationGraph sparkGraph = new SparkComputationGraph(spark, model.clone(), master);
    sparkGraph.setListeners(List.of(listener));
    sparkGraph.fitMultiDataSet(round);
    return ModelState.of(sparkGraph.getNetwork());
  }

  /** Returns a worker's minibatches for one round. */
  private static Iterator<MultiDataSet> minibatchesOf(Iterator<MultiDataSet> partition, int first) {
    List<MultiDataSet> round = new ArrayList<>(MINIBATCHES_PER_ROUND);
    for (int index = 0; partition.hasNext() && index < first + MINIBATCHES_PER_ROUND; index++) {
      MultiDataSet minibatch = partition.next();
      if (index >= first) {
        round.add(minibatch);
      }
    }
    return round.iterator();
  }
}
