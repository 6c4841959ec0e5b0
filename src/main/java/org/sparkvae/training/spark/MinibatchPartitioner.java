package org.sparkvae.training.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
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

/**
 * A partitioner of an epoch's images into one partition of minibatches per worker. Every minibatch
 * of the epoch has exactly the batch size, except for the last.
 *
 * @param seed the seed of the noise
 */
record MinibatchPartitioner(
    EpochPermutation permutation, int epoch, int batchSize, int workers, long seed)
    implements Serializable {

  /** The assignment of a minibatch's images to workers. */
  enum Assignment {
    /** Minibatch m of the epoch belongs to worker m mod workers. */
    WHOLE_MINIBATCH,

    /**
     * Every worker has a part of each minibatch. The parts are consecutive and differ by at most
     * one image. If a minibatch has fewer images than there are workers, each worker has all of its
     * images.
     */
    SPLIT_MINIBATCH
  }

  /**
   * Partitions the images.
   *
   * @param images a DataFrame with the columns {@code image_id} and {@code pixels}
   * @return one partition per worker, with its minibatches or parts of them in the order of the
   *     epoch
   */
  JavaRDD<MultiDataSet> partition(Dataset<Row> images, Assignment assignment) {
    JavaPairRDD<Long, byte[]> pixelsByPlace =
        images
            .select("image_id", "pixels")
            .javaRDD()
            .flatMapToPair(
                row -> {
                  int position = permutation.positionOf(row.getInt(0));
                  return workersOf(position, assignment)
                      .mapToObj(
                          worker -> new Tuple2<>(place(worker, position), row.<byte[]>getAs(1)))
                      .iterator();
                });
    return pixelsByPlace
        .repartitionAndSortWithinPartitions(new WorkerPartitioner(workers))
        .mapPartitions(MinibatchIterator::new);
  }

  /** Returns the workers that train on the image at a position of the epoch. */
  IntStream workersOf(int position, Assignment assignment) {
    int minibatch = position / batchSize;
    if (assignment == Assignment.WHOLE_MINIBATCH) {
      return IntStream.of(minibatch % workers);
    }
    int size = minibatchSize(minibatch);
    return size < workers
        ? IntStream.range(0, workers)
        : IntStream.of((int) ((long) (position % batchSize) * workers / size));
  }

  /** Returns the number of images in a minibatch of the epoch. */
  int minibatchSize(int minibatch) {
    return Math.min(batchSize, permutation.count() - minibatch * batchSize);
  }

  /** Returns a key that orders images by worker and by their position in the epoch. */
  private static long place(int worker, int position) {
    return (long) worker << Integer.SIZE | position;
  }

  /** A partitioner by the worker in a place. */
  private static final class WorkerPartitioner extends Partitioner {
    private final int workers;

    WorkerPartitioner(int workers) {
      this.workers = workers;
    }

    @Override
    public int numPartitions() {
      return workers;
    }

    @Override
    public int getPartition(Object place) {
      return (int) ((Long) place >> Integer.SIZE);
    }
  }

  /** An iterator that groups a worker's sorted images into minibatches. */
  private final class MinibatchIterator implements Iterator<MultiDataSet> {
    private final Iterator<Tuple2<Long, byte[]>> sorted;
    private Tuple2<Long, byte[]> nextImage;

    MinibatchIterator(Iterator<Tuple2<Long, byte[]>> sorted) {
      this.sorted = sorted;
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
      int minibatch = position() / batchSize;
      List<byte[]> pixels = new ArrayList<>(batchSize);
      List<Long> noiseKeys = new ArrayList<>(batchSize);
      while (nextImage != null && position() / batchSize == minibatch) {
        pixels.add(nextImage._2());
        noiseKeys.add(NoiseKey.of(seed, epoch, permutation.imageAt(position())));
        nextImage = sorted.hasNext() ? sorted.next() : null;
      }
      return new Minibatch(
          pixels.toArray(byte[][]::new), noiseKeys.stream().mapToLong(Long::longValue).toArray());
    }

    /** Returns the position of the next image in the epoch, the lower half of its place. */
    private int position() {
      return nextImage._1().intValue();
    }
  }
}
