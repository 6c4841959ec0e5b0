package org.sparkvae.training.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.SparkVaePlugin;
import org.sparkvae.training.MinibatchListener;
import org.sparkvae.training.TrainedMinibatch;
import org.sparkvae.training.Trainer;

/**
 * Trains through Deeplearning4j's {@code ParameterAveragingTrainingMaster}, which is plain Spark:
 * in each round every executor trains on two minibatches from the same model, and the results are
 * averaged. An average of n workers takes one worker's way for n workers' minibatches; so that an
 * epoch goes as far as it does on one worker, the model goes n times as far as their average, which
 * is as far as all of them together.
 */
public final class AveragingTrainer implements Trainer {
  /** Minibatches of a worker in a round. */
  private static final int ROUND = 2;

  private final ComputationGraph model;
  private final EpochDistributor epochs;
  private final JavaSparkContext spark;
  private final MinibatchListener listener;
  private final BatchNormStatistics statistics;
  private final EpochFailureDetector guard;

  /**
   * Trains a model on from where it stands.
   *
   * @param images with columns {@code image_id} and {@code pixels}
   * @param count of images
   * @param executors to train on, one replica each
   */
  public AveragingTrainer(
      ComputationGraph model,
      Dataset<Row> images,
      int count,
      int batchSize,
      ExecutorGroup executors,
      long seed) {
    this.model = model;
    this.epochs = new EpochDistributor(images, count, batchSize, executors, seed);
    this.spark = JavaSparkContext.fromSparkContext(images.sparkSession().sparkContext());
    this.listener = new MinibatchListener(seed, executors.count(), SparkVaePlugin::send);
    this.statistics = BatchNormStatistics.of(model);
    this.guard = new EpochFailureDetector(spark.sc());
  }

  @Override
  public double epoch(int epoch, Consumer<TrainedMinibatch> trained) {
    try {
      epochs.train(epoch, guard, trained, this::rounds);
      model.getConfiguration().setEpochCount(epoch);
    } catch (DivergenceException reportedAsALoss) {
      return 0;
    }
    return 0;
  }

  private void rounds(JavaRDD<MultiDataSet> minibatches) {
    for (int from = 0; from < epochs.minibatchesPerWorker(); from += ROUND) {
      guard.check();
      int first = from;
      ModelState start = ModelState.of(model);
      ModelState average = average(start, minibatches.mapPartitions(all -> some(all, first)));
      // In the last round some workers may have had nothing left.
      int workers = Math.min(epochs.workers(), epochs.minibatches() - from * epochs.workers());
      int most = Math.min(ROUND, epochs.minibatchesPerWorker() - from);
      ReplicaSynchronizer.of(start, average, workers, statistics, most).assignTo(model);
    }
  }

  private ModelState average(ModelState start, JavaRDD<MultiDataSet> round) {
    ParameterAveragingTrainingMaster master =
        new ParameterAveragingTrainingMaster.Builder(epochs.workers(), epochs.batchSize())
            .batchSizePerWorker(epochs.batchSize())
            .averagingFrequency(ROUND)
            // False by default, whatever its documentation says.
            .saveUpdater(true)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            // The minibatches come dealt out, and the epoch as a whole is kept.
            .repartionData(Repartition.Never)
            .storageLevel(null)
            .trainingHooks(new RestoreCountersHook(start.iterations(), start.epochs()))
            .build();
    SparkComputationGraph workers = new SparkComputationGraph(spark, model.clone(), master);
    workers.setListeners(List.of(listener));
    workers.fitMultiDataSet(round);
    return ModelState.of(workers.getNetwork());
  }

  private static Iterator<MultiDataSet> some(Iterator<MultiDataSet> all, int first) {
    List<MultiDataSet> some = new ArrayList<>(ROUND);
    for (int place = 0; all.hasNext() && place < first + ROUND; place++) {
      MultiDataSet minibatch = all.next();
      if (place >= first) {
        some.add(minibatch);
      }
    }
    return some.iterator();
  }

  @Override
  public ComputationGraph model() {
    return model;
  }

  @Override
  public void close() {
    guard.close();
  }
}
