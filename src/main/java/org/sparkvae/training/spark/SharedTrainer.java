package org.sparkvae.training.spark;

import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
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
import org.sparkvae.model.LibraryVersion;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.training.MinibatchListener;
import org.sparkvae.training.TrainedMinibatch;
import org.sparkvae.training.spark.MinibatchPartitioner.Assignment;

/**
 * A trainer on Deeplearning4j's {@code SharedTrainingMaster}.
 *
 * <p>The executors split every minibatch ({@link LocalBatch}). Each trains its own replica on its
 * parts, without waiting for the others. It sends quantized updates to the other executors through
 * the driver. After each epoch {@link ReplicaSynchronizer} combines the replicas into the model.
 * The driver's own replica is not used as the model, because late messages can still change it.
 */
public final class SharedTrainer extends DistributedTrainer {
  /**
   * The time that Deeplearning4j sleeps before it retries to send a message. It retries when
   * Aeron's buffer is full, and also each time that Aeron starts to write the next third of the
   * buffer. Its default of a second would delay the updates by many minibatches.
   */
  private static final int RETRY_MILLIS = 1;

  private final ExecutorGroup executors;
  private final SharedTrainingMaster trainingMaster;
  private final SparkComputationGraph driverReplica;
  private double drift;

  /**
   * Creates a trainer that continues to train a model.
   *
   * @param model the model, with Adam's state if it was trained before
   * @param images a DataFrame with the columns {@code image_id} and {@code pixels}
   * @param count the number of images
   * @param batchSize the number of images in a minibatch of all executors together
   * @param executors the executors to train on, one replica each
   */
  public SharedTrainer(
      ComputationGraph model,
      Dataset<Row> images,
      int count,
      int batchSize,
      ExecutorGroup executors,
      long seed) {
    this(
        model,
        images,
        count,
        LocalBatch.of(batchSize, executors.count()),
        executors,
        seed,
        LearningRateThreshold.of(model));
  }

  SharedTrainer(
      ComputationGraph model,
      Dataset<Row> images,
      int count,
      LocalBatch batch,
      ExecutorGroup executors,
      long seed,
      ThresholdAlgorithm threshold) {
    super(model, images, count, batch.size(), executors, seed, Assignment.WHOLE_MINIBATCH);
    this.executors = executors;
    try {
      this.trainingMaster =
          trainingMaster(spark.getConf().get("spark.driver.host"), batch.size(), threshold);
      this.driverReplica = new SparkComputationGraph(spark, model.clone(), trainingMaster);
      driverReplica.setListeners(
          List.of(new Replica.EpochStartListener(batch), new MinibatchListener(LossMessage::send)));
      failureDetector.watch(() -> broadcastState(ModelState.of(model), Replica::reset));
    } catch (RuntimeException e) {
      failureDetector.close();
      throw e;
    }
  }

  /** Returns the version of Deeplearning4j's Spark modules, which contain the parameter server. */
  public static String libraryVersion() {
    return LibraryVersion.of(SharedTrainingMaster.class);
  }

  private static SharedTrainingMaster trainingMaster(
      String address, int batchSize, ThresholdAlgorithm threshold) {
    String mask = WorkerAddress.networkMask(address);
    VoidConfiguration network =
        VoidConfiguration.builder()
            .controllerAddress(address)
            .networkMask(mask.equals(WorkerAddress.VARIABLE) ? null : mask)
            .portSupplier(new UdpTransportSetup(mask))
            .retransmitTimeout(RETRY_MILLIS)
            .build();
    return new SharedTrainingMaster.Builder(network, batchSize)
        .batchSizePerWorker(batchSize)
        .workersPerNode(1)
        .thresholdAlgorithm(threshold)
        // The minibatches are already partitioned: each worker has one partition per epoch.
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        .repartitioner(new NoRepartitioning())
        .storageLevel(StorageLevel.MEMORY_AND_DISK())
        .build();
  }

  @Override
  public double trainEpoch(int epoch, Consumer<TrainedMinibatch> trained) {
    ModelState start = ModelState.of(model);
    start.assignTo(driverReplica.getNetwork());
    distributor.train(
        epoch,
        failureDetector,
        trained,
        minibatches -> {
          driverReplica.fitMultiDataSet(minibatches);
          WorkerErrors.check(executors);
          drift = synchronizeReplicas(start);
        });
    return drift;
  }

  private double synchronizeReplicas(ModelState start) {
    List<Replica.EpochResult> results =
        executors.runOnEach(Replica::epochResult).stream()
            .sorted(Comparator.comparing(Replica.EpochResult::worker))
            .toList();
    checkComplete(start, results);
    ModelState end =
        ReplicaSynchronizer.synchronize(
            start, results, BatchNormStatistics.of(model), distributor.minibatchesPerWorker());
    end.assignTo(model);
    broadcastState(end, Replica::setStart);
    return ReplicaSynchronizer.drift(start, end, results);
  }

  private void checkComplete(ModelState start, List<Replica.EpochResult> results) {
    int minibatches = results.stream().mapToInt(Replica.EpochResult::minibatches).sum();
    if (results.size() != Math.min(distributor.workers(), distributor.minibatches())
        || minibatches != distributor.minibatches()
        || results.stream().anyMatch(result -> result.epochs() != start.epochs())) {
      throw new IllegalStateException(
          "The epoch is incomplete: expected %d workers, %d minibatches and %d earlier epochs, found %d workers, %d minibatches and %s earlier epochs. Report this with the log."
              .formatted(
                  distributor.workers(),
                  distributor.minibatches(),
                  start.epochs(),
                  results.size(),
                  minibatches,
                  results.stream().map(Replica.EpochResult::epochs).distinct().toList()));
    }
  }

  /**
   * Assigns the same state to every replica, and checks that the parameters are bitwise equal.
   *
   * @param receiver assigns the state to a replica and returns the digest of its parameters
   */
  private void broadcastState(ModelState state, Function<ModelState, String> receiver) {
    Broadcast<ModelState> broadcast = spark.broadcast(state);
    String expected = ModelState.digest(ModelState.values(model.params()));
    for (String digest : executors.runOnEach(() -> receiver.call(broadcast.value()))) {
      if (!digest.equals(expected)) {
        throw new IllegalStateException(
            "A replica's parameters differ from the model's after synchronization. Report this with the log.");
      }
    }
    broadcast.destroy();
  }

  /**
   * Stops the parameter servers of the driver and of all executors, so that another training can
   * start in the same JVMs.
   */
  @Override
  public void close() {
    try {
      trainingMaster.deleteTempFiles(driverReplica.getSparkContext());
      if (!failureDetector.hasFailed()) {
        failureDetector.watch(() -> executors.runOnEach(SharedTrainer::stopParameterServer));
      }
    } finally {
      failureDetector.close();
      stopParameterServer();
    }
  }

  private static boolean stopParameterServer() {
    boolean isRunning = ModelParameterServer.getInstance().isInitialized();
    if (isRunning) {
      ModelParameterServer.getInstance().shutdown();
    }
    return isRunning;
  }

  /** A repartitioner that returns the RDD unchanged. */
  private static final class NoRepartitioning implements Repartitioner {
    @Override
    public <T> JavaRDD<T> repartition(JavaRDD<T> rdd, int minObjectsPerPartition, int executors) {
      return rdd;
    }
  }
}
