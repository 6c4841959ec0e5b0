package org.sparkvae.training.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.sparkvae.model.Minibatch;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.training.EpochPermutation;
import scala.Tuple2;

/** Deals an epoch's images out to the workers, in minibatches of exactly the batch size. */
final class MinibatchPartitioner {
  private MinibatchPartitioner() {}

  /**
   * Deals images out.
   *
   * @param images with columns {@code image_id} and {@code pixels}
   * @return a partition per worker; minibatch m of the epoch is worker m mod workers'
   */
  static JavaRDD<MultiDataSet> of(
      Dataset<Row> images,
      EpochPermutation order,
      int epoch,
      int batchSize,
      int workers,
      long seed) {
    JavaPairRDD<Integer, byte[]> byPosition =
        images
            .select("image_id", "pixels")
            .javaRDD()
            .mapToPair(row -> new Tuple2<>(order.positionOf(row.getInt(0)), row.getAs(1)));
    return byPosition
        .repartitionAndSortWithinPartitions(new ByMinibatch(batchSize, workers))
        .mapPartitions(sorted -> new Minibatches(sorted, order, epoch, batchSize, seed));
  }

  /** The partition of a position in the epoch. */
  private static final class ByMinibatch extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int batchSize;
    private final int workers;

    ByMinibatch(int batchSize, int workers) {
      this.batchSize = batchSize;
      this.workers = workers;
    }

    @Override
    public int numPartitions() {
      return workers;
    }

    @Override
    public int getPartition(Object position) {
      return (Integer) position / batchSize % workers;
    }
  }

  /** Cuts a worker's sorted images where one minibatch ends and the next begins. */
  private static final class Minibatches implements Iterator<MultiDataSet> {
    private final Iterator<Tuple2<Integer, byte[]>> sorted;
    private final EpochPermutation order;
    private final int epoch;
    private final int batchSize;
    private final long seed;
    private Tuple2<Integer, byte[]> ahead;

    Minibatches(
        Iterator<Tuple2<Integer, byte[]>> sorted,
        EpochPermutation order,
        int epoch,
        int batchSize,
        long seed) {
      this.sorted = sorted;
      this.order = order;
      this.epoch = epoch;
      this.batchSize = batchSize;
      this.seed = seed;
      this.ahead = sorted.hasNext() ? sorted.next() : null;
    }

    @Override
    public boolean hasNext() {
      return ahead != null;
    }

    @Override
    public MultiDataSet next() {
      if (ahead == null) {
        throw new NoSuchElementException();
      }
      int minibatch = ahead._1() / batchSize;
      List<byte[]> images = new ArrayList<>(batchSize);
      List<Long> noiseKeys = new ArrayList<>(batchSize);
      while (ahead != null && ahead._1() / batchSize == minibatch) {
        images.add(ahead._2());
        noiseKeys.add(NoiseKey.of(seed, epoch, order.imageAt(ahead._1())));
        ahead = sorted.hasNext() ? sorted.next() : null;
      }
      return new Minibatch(
          images.toArray(byte[][]::new), noiseKeys.stream().mapToLong(Long::longValue).toArray());
    }
  }
}
