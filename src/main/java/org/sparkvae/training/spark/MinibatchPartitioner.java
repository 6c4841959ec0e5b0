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

/** Partitioning of an epoch's images into one partition of minibatches per worker. */
final class MinibatchPartitioner {
  private MinibatchPartitioner() {}

  /**
   * Partitions an epoch's images. Every minibatch has exactly the batch size, except for the last
   * of the epoch.
   *
   * @param images a DataFrame with the columns {@code image_id} and {@code pixels}
   * @return one partition per worker; minibatch m of the epoch belongs to worker m mod workers
   */
  static JavaRDD<MultiDataSet> partition(
      Dataset<Row> images,
      EpochPermutation permutation,
      int epoch,
      int batchSize,
      int workers,
      long seed) {
    JavaPairRDD<Integer, byte[]> pixelsByPosition =
        images
            .select("image_id", "pixels")
            .javaRDD()
            .mapToPair(row -> new Tuple2<>(permutation.positionOf(row.getInt(0)), row.getAs(1)));
    return pixelsByPosition
        .repartitionAndSortWithinPartitions(new PositionPartitioner(batchSize, workers))
        .mapPartitions(
            sorted -> new MinibatchIterator(sorted, permutation, epoch, batchSize, seed));
  }

  /** A partitioner by the image's position in the epoch. */
  private static final class PositionPartitioner extends Partitioner {
    private final int batchSize;
    private final int workers;

    PositionPartitioner(int batchSize, int workers) {
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

  /** An iterator that groups a worker's sorted images into minibatches. */
  private static final class MinibatchIterator implements Iterator<MultiDataSet> {
    private final Iterator<Tuple2<Integer, byte[]>> sorted;
    private final EpochPermutation permutation;
    private final int epoch;
    private final int batchSize;
    private final long seed;
    private Tuple2<Integer, byte[]> nextImage;

    MinibatchIterator(
        Iterator<Tuple2<Integer, byte[]>> sorted,
        EpochPermutation permutation,
        int epoch,
        int batchSize,
        long seed) {
      this.sorted = sorted;
      this.permutation = permutation;
      this.epoch = epoch;
      this.batchSize = batchSize;
      this.seed = seed;
      this.nextImage = sorted.hasNext() ? sorted.next() : null;
    }

    @Override
    public boolean hasNext() {
      return nextImage != null;
    }

    @Override
    public MultiDataSet next() {
      if (nextImage == null) {
        throw new NoSuchElementException();
      }
      int minibatch = nextImage._1() / batchSize;
      List<byte[]> pixels = new ArrayList<>(batchSize);
      List<Long> noiseKeys = new ArrayList<>(batchSize);
      while (nextImage != null && nextImage._1() / batchSize == minibatch) {
        pixels.add(nextImage._2());
        noiseKeys.add(NoiseKey.of(seed, epoch, permutation.imageAt(nextImage._1())));
        nextImage = sorted.hasNext() ? sorted.next() : null;
      }
      return new Minibatch(
          pixels.toArray(byte[][]::new), noiseKeys.stream().mapToLong(Long::longValue).toArray());
    }
  }
}
