package org.sparkvae.spark;

import static org.apache.spark.sql.functions.expr;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.model.cpu.KernelThreadPool;
import scala.Tuple2;

/**
 * Inference with a broadcast model on a DataFrame of images.
 *
 * <p>The minibatches hold the ids 0 to 99, 100 to 199 and so on, however the DataFrame is
 * partitioned. Results are therefore reproducible, because the last bits of a model's output for an
 * image depend on the minibatch that contains it.
 */
public final class BatchInference {
  /** The number of images in a minibatch. */
  public static final int BATCH_SIZE = 100;

  private BatchInference() {}

  /** A function of a model and a minibatch. */
  @FunctionalInterface
  public interface BatchFunction<M, T> extends Serializable {
    /**
     * Returns the results for a minibatch.
     *
     * @param model the model of this task
     * @param ids the ids of the images, ascending
     * @param rows one row per image
     */
    List<T> apply(M model, int[] ids, List<Row> rows);
  }

  /**
   * Applies a function to each minibatch. The result is lazy. The tasks report their progress to
   * the driver with {@link ProgressMessage}.
   *
   * @param images a DataFrame whose first column is {@code image_id}. Each partition is sorted by
   *     id, and the images of a minibatch are in the same partition, for example by {@link
   *     #partition}.
   * @param model the archive of the model
   * @param loader creates a task's model from the archive
   * @return the results of the function, in the order of the image ids within each partition. A
   *     task throws an {@link InputDataException} if a row has no {@code image_id}.
   */
  public static <M, T> Dataset<T> map(
      Dataset<Row> images,
      Broadcast<byte[]> model,
      MapFunction<byte[], M> loader,
      BatchFunction<M, T> function,
      Encoder<T> encoder) {
    MapPartitionsFunction<Row, T> perPartition =
        rows ->
            rows.hasNext()
                ? new ResultIterator<>(rows, loader.call(model.value()), function)
                : Collections.emptyIterator();
    return images.mapPartitions(perPartition, encoder);
  }

  /**
   * Applies a function to each minibatch and returns the results by image, so that rounding in sums
   * over them does not depend on the partitioning.
   *
   * @param function returns a result per image, or one for the whole minibatch
   */
  public static <M, T> List<T> collect(
      Dataset<Row> images,
      Broadcast<byte[]> model,
      MapFunction<byte[], M> loader,
      BatchFunction<M, T> function,
      Encoder<T> encoder) {
    BatchFunction<M, Tuple2<Integer, T>> withIds =
        (loaded, ids, rows) -> {
          List<T> results = function.apply(loaded, ids, rows);
          return IntStream.range(0, results.size())
              .mapToObj(n -> new Tuple2<>(ids[n], results.get(n)))
              .toList();
        };
    return map(partition(images), model, loader, withIds, Encoders.tuple(Encoders.INT(), encoder))
        .collectAsList()
        .stream()
        .sorted(Comparator.comparing(Tuple2::_1))
        .map(Tuple2::_2)
        .toList();
  }

  /**
   * Moves the images of each minibatch into one partition, sorted by id. There is one partition per
   * core.
   */
  public static Dataset<Row> partition(Dataset<Row> images) {
    int cores = images.sparkSession().sparkContext().defaultParallelism();
    Column partition = expr("pmod(image_id div %d, %d)".formatted(BATCH_SIZE, cores));
    return IndexPartitioning.apply(images, cores, partition).sortWithinPartitions("image_id");
  }

  /** The results of a partition. At most one minibatch is in memory at a time. */
  private static final class ResultIterator<M, T> implements Iterator<T> {
    private final Iterator<Row> images;
    private final M model;
    private final BatchFunction<M, T> function;
    private Row nextImage;
    private Iterator<T> results = List.<T>of().iterator();

    ResultIterator(Iterator<Row> images, M model, BatchFunction<M, T> function) {
      this.images = images;
      this.model = model;
      this.function = function;
      this.nextImage = images.hasNext() ? images.next() : null;
      checkIds();
    }

    /** Checks the ids. Rows without one come first, and all of them are in one partition. */
    private void checkIds() {
      if (nextImage == null || !nextImage.isNullAt(0)) {
        return;
      }
      long invalid = 1;
      while (images.hasNext() && images.next().isNullAt(0)) {
        invalid++;
      }
      throw new InputDataException(
          "%s. Number these rows, or remove them."
              .formatted(ImageColumn.IMAGE_ID.problem(invalid, "the rows")));
    }

    @Override
    public boolean hasNext() {
      while (!results.hasNext() && nextImage != null) {
        List<Row> rows = nextBatch();
        int[] ids = rows.stream().mapToInt(row -> row.getInt(0)).toArray();
        // Spark runs one of these tasks per core, so each uses a single thread.
        results =
            KernelThreadPool.runOnCallingThread(() -> function.apply(model, ids, rows)).iterator();
        SparkVaePlugin.send(new ProgressMessage(ids.length));
      }
      return results.hasNext();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return results.next();
    }

    private List<Row> nextBatch() {
      List<Row> rows = new ArrayList<>(BATCH_SIZE);
      int batch = nextImage.getInt(0) / BATCH_SIZE;
      while (nextImage != null
          && nextImage.getInt(0) / BATCH_SIZE == batch
          && rows.size() < BATCH_SIZE) {
        rows.add(nextImage);
        nextImage = images.hasNext() ? images.next() : null;
      }
      return rows;
    }
  }
}
