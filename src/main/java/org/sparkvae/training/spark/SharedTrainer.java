package org.sparkvae.training.spark;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.AdaptiveThresholdAlgorithm;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartitioner;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.ModelParameterServer;
import org.sparkvae.spark.DriverMessages;
import org.sparkvae.training.EpochOrder;
import org.sparkvae.training.MinibatchListener;
import org.sparkvae.training.MinibatchLoss;
import org.sparkvae.training.Trainer;

/**
 * Trains through Deeplearning4j's {@code SharedTrainingMaster}: each executor trains its own
 * replica on its share of the minibatches and sends quantised updates to the others by way of the
 * driver, whose replica is the one that is kept.
 */
public final class SharedTrainer implements Trainer {
  /**
   * Smaller entries of an update wait in the residual; near the learning rate, as Adam's steps are.
   */
  private static final double FIRST_THRESHOLD = 1e-3;

  private static final long LATE_MESSAGES_MILLIS = 10_000;

  private final SparkComputationGraph graph;
  private final SharedTrainingMaster master;
  private final Dataset<Row> images;
  private final int count;
  private final int batchSize;
  private final int workers;
  private final long seed;

  /**
   * Trains a model on from where it stands.
   *
   * @param images with columns {@code image_id} and {@code pixels}
   * @param count of images
   * @param workers executors to train on, one replica each
   */
  public SharedTrainer(
      ComputationGraph model,
      Dataset<Row> images,
      int count,
      int batchSize,
      int workers,
      long seed) {
    this.images = images;
    this.count = count;
    this.batchSize = batchSize;
    this.workers = workers;
    this.seed = seed;
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(images.sparkSession().sparkContext());
    this.master = master(spark);
    this.graph = new SparkComputationGraph(spark, model, master);
    graph.setListeners(
        List.of(
            new IterationCount(model.getConfiguration().getIterationCount()),
            new MinibatchListener(seed, DriverMessages::send)));
  }

  private SharedTrainingMaster master(JavaSparkContext spark) {
    String address = spark.getConf().get("spark.driver.host");
    VoidConfiguration network =
        VoidConfiguration.builder()
            .controllerAddress(address)
            .networkMask(Subnet.of(address))
            .portSupplier(new FreePort())
            .build();
    return new SharedTrainingMaster.Builder(network, batchSize)
        .batchSizePerWorker(batchSize)
        .workersPerNode(1)
        .thresholdAlgorithm(new AdaptiveThresholdAlgorithm(FIRST_THRESHOLD))
        // The minibatches come dealt out: one partition, so one run, for each worker and epoch.
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        .repartitioner(new AsDealt())
        .storageLevel(StorageLevel.MEMORY_AND_DISK())
        .build();
  }

  @Override
  public void epoch(int epoch, Consumer<MinibatchLoss> losses) {
    JavaRDD<MultiDataSet> minibatches =
        EpochMinibatches.of(
            images, new EpochOrder(seed, epoch, count), epoch, batchSize, workers, seed);
    AtomicInteger trained = new AtomicInteger();
    try {
      DriverMessages.listenDuring(
          () -> {
            graph.fitMultiDataSet(minibatches);
            WorkerFaults.check(graph.getSparkContext(), workers);
            awaitLateMessages(trained);
          },
          message -> {
            if (message instanceof MinibatchLoss loss) {
              losses.accept(loss);
              trained.addAndGet(loss.images());
            }
          });
    } finally {
      minibatches.unpersist(false);
    }
    countIterations(epoch);
  }

  /** Losses travel beside the task's own result, and the last may come after it. */
  private void awaitLateMessages(AtomicInteger trained) {
    long deadline = System.currentTimeMillis() + LATE_MESSAGES_MILLIS;
    try {
      while (trained.get() < count && System.currentTimeMillis() < deadline) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The driver's replica does not count by itself. */
  private void countIterations(int epoch) {
    int minibatches = (count + batchSize - 1) / batchSize;
    int perWorker = (minibatches + workers - 1) / workers;
    model().getConfiguration().setIterationCount(epoch * perWorker);
    model().getConfiguration().setEpochCount(epoch);
  }

  @Override
  public ComputationGraph model() {
    return graph.getNetwork();
  }

  @Override
  public void close() {
    master.deleteTempFiles(graph.getSparkContext());
    if (ModelParameterServer.getInstance().isInitialized()) {
      ModelParameterServer.getInstance().shutdown();
    }
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
