package org.sparkvae.training.spark;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.ThresholdAlgorithm;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartitioner;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.ModelParameterServer;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.SparkVaePlugin;
import org.sparkvae.training.MinibatchListener;
import org.sparkvae.training.TrainedMinibatch;
import org.sparkvae.training.Trainer;

/**
 * Trains through Deeplearning4j's {@code SharedTrainingMaster}: each executor trains its own
 * replica on its share of the minibatches and sends quantised updates to the others by way of the
 * driver. After each epoch the replicas are brought together, see {@link ReplicaSynchronizer}: the
 * model is that, and not the driver's replica, which late messages may still move.
 */
public final class SharedTrainer implements Trainer {
  private final ComputationGraph model;
  private final EpochDistributor epochs;
  private final ExecutorGroup executors;
  private final SharedTrainingMaster master;
  private final SparkComputationGraph driversReplica;
  private final EpochFailureDetector guard;
  private double drift;

  /**
   * Trains a model on from where it stands.
   *
   * @param images with columns {@code image_id} and {@code pixels}
   * @param count of images
   * @param executors to train on, one replica each
   */
  public SharedTrainer(
      ComputationGraph model,
      Dataset<Row> images,
      int count,
      int batchSize,
      ExecutorGroup executors,
      long seed) {
    this(model, images, count, batchSize, executors, seed, LearningRateThreshold.of(model));
  }

  SharedTrainer(
      ComputationGraph model,
      Dataset<Row> images,
      int count,
      int batchSize,
      ExecutorGroup executors,
      long seed,
      ThresholdAlgorithm threshold) {
    this.model = model;
    this.epochs = new EpochDistributor(images, count, batchSize, executors, seed);
    this.executors = executors;
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(images.sparkSession().sparkContext());
    this.master = master(spark.getConf().get("spark.driver.host"), batchSize, threshold);
    this.driversReplica = new SparkComputationGraph(spark, model.clone(), master);
    driversReplica.setListeners(
        List.of(
            new Replica.AtEpochStart(),
            new MinibatchListener(seed, executors.count(), SparkVaePlugin::send)));
    this.guard = new EpochFailureDetector(spark.sc());
    try {
      guard.watch(() -> shareOut(ModelState.of(model), Replica::begin));
    } catch (RuntimeException e) {
      guard.close();
      throw e;
    }
  }

  private static SharedTrainingMaster master(
      String address, int batchSize, ThresholdAlgorithm threshold) {
    String mask = Subnet.of(address);
    VoidConfiguration network =
        VoidConfiguration.builder()
            .controllerAddress(address)
            .networkMask(mask)
            .portSupplier(new UdpPortSupplier(mask))
            .build();
    return new SharedTrainingMaster.Builder(network, batchSize)
        .batchSizePerWorker(batchSize)
        .workersPerNode(1)
        .thresholdAlgorithm(threshold)
        // The minibatches come dealt out: one partition, so one run, for each worker and epoch.
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        .repartitioner(new AsDealt())
        .storageLevel(StorageLevel.MEMORY_AND_DISK())
        .build();
  }

  @Override
  public double epoch(int epoch, Consumer<TrainedMinibatch> trained) {
    ModelState start = ModelState.of(model);
    start.assignTo(driversReplica.getNetwork());
    try {
      epochs.train(
          epoch,
          guard,
          trained,
          minibatches -> {
            driversReplica.fitMultiDataSet(minibatches);
            WorkerErrors.check(executors);
            drift = bringTogether(start);
          });
      return drift;
    } catch (DivergenceException reportedAsALoss) {
      return 0;
    }
  }

  private double bringTogether(ModelState start) {
    List<Replica.Report> reports =
        executors.each(Replica::report).stream()
            .sorted(Comparator.comparing(Replica.Report::worker))
            .toList();
    checkWhole(start, reports);
    ModelState end =
        ReplicaSynchronizer.of(
            start, reports, BatchNormStatistics.of(model), epochs.minibatchesPerWorker());
    end.assignTo(model);
    shareOut(end, Replica::adopt);
    return ReplicaSynchronizer.drift(start, end, reports);
  }

  private void checkWhole(ModelState start, List<Replica.Report> reports) {
    int minibatches = reports.stream().mapToInt(Replica.Report::minibatches).sum();
    if (reports.size() != Math.min(epochs.workers(), epochs.minibatches())
        || minibatches != epochs.minibatches()
        || reports.stream().anyMatch(each -> each.epochs() != start.epochs())) {
      throw new IllegalStateException(
          "%d workers trained on %d minibatches, not %d on %d, or one of them not in this epoch"
              .formatted(reports.size(), minibatches, epochs.workers(), epochs.minibatches()));
    }
  }

  /** Takes a state over and tells the digest of the parameters that a replica has then. */
  private interface Taking extends Serializable {
    String over(ModelState state);
  }

  /** Gives every executor the same state, and makes sure that it has it, to the last bit. */
  private void shareOut(ModelState state, Taking taking) {
    Broadcast<ModelState> broadcast = driversReplica.getSparkContext().broadcast(state);
    String expected = ModelState.digest(ModelState.values(model.params()));
    for (String digest : executors.each(() -> taking.over(broadcast.value()))) {
      if (!digest.equals(expected)) {
        throw new IllegalStateException("a replica did not take over the model's parameters");
      }
    }
    broadcast.destroy();
  }

  @Override
  public ComputationGraph model() {
    return model;
  }

  /** Stops every parameter server, so that another training can begin in these processes. */
  @Override
  public void close() {
    master.deleteTempFiles(driversReplica.getSparkContext());
    try {
      if (!guard.hasLost()) {
        guard.watch(() -> executors.each(SharedTrainer::stopParameterServer));
      }
    } finally {
      guard.close();
      stopParameterServer();
    }
  }

  private static boolean stopParameterServer() {
    boolean runs = ModelParameterServer.getInstance().isInitialized();
    if (runs) {
      ModelParameterServer.getInstance().shutdown();
    }
    return runs;
  }

  /** Leaves the partitions as they are. */
  private static final class AsDealt implements Repartitioner {
    private static final long serialVersionUID = 1L;

    @Override
    public <T> JavaRDD<T> repartition(JavaRDD<T> rdd, int minObjectsPerPartition, int executors) {
      return rdd;
    }
  }
}
