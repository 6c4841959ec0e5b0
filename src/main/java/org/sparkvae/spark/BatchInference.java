package org.sparkvae.spark;

import static org.apache.spark.sql.functions.expr;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Row;
import org.sparkvae.model.cpu.KernelThreadPool;

/**
 * Runs a broadcast model on a DataFrame of images in minibatches that do not depend on how it is
 * partitioned: those of the ids 0 to 99, 100 to 199 and so on. The last bits of what a model gives
 * for an image depend on the minibatch that it is in.
 */
public final class BatchInference {
  private static final int SIZE = 100;

  private BatchInference() {}

  /** Makes a task's own model from an archive. */
  @FunctionalInterface
  public interface Loading<M> extends Serializable {
    M from(byte[] archive) throws IOException;
  }

  /** What to do with a minibatch. */
  @FunctionalInterface
  public interface Work<M, T> extends Serializable {
    /**
     * Returns what becomes of it.
     *
     * @param model the task's own
     * @param ids of the images, ascending
     * @param block a row for each image
     */
    List<T> on(M model, int[] ids, List<Row> block);
  }

  /**
   * Does some work on each minibatch, when the result is asked for, and tells the driver of {@link
   * ProgressMessage}.
   *
   * @param images with a column {@code image_id}, the first
   * @param model an archive
   * @return what the work gave, in the order of the images within each partition
   */
  public static <M, T> Dataset<T> map(
      Dataset<Row> images,
      Broadcast<byte[]> model,
      Loading<M> loading,
      Work<M, T> work,
      Encoder<T> encoder) {
    MapPartitionsFunction<Row, T> blocks =
        rows -> new Blocks<>(rows, loading.from(model.value()), work);
    return whole(images).mapPartitions(blocks, encoder);
  }

  /** Brings each minibatch's images together, and uses all cores. */
  private static Dataset<Row> whole(Dataset<Row> images) {
    int cores = images.sparkSession().sparkContext().defaultParallelism();
    return images
        .repartitionByRange(cores, expr("image_id div " + SIZE))
        .sortWithinPartitions("image_id");
  }

  /** Works on a partition a minibatch at a time, holding no more than one. */
  private static final class Blocks<M, T> implements Iterator<T> {
    private final Iterator<Row> images;
    private final M model;
    private final Work<M, T> work;
    private Row next;
    private Iterator<T> done = List.<T>of().iterator();

    Blocks(Iterator<Row> images, M model, Work<M, T> work) {
      this.images = images;
      this.model = model;
      this.work = work;
      this.next = images.hasNext() ? images.next() : null;
    }

    @Override
    public boolean hasNext() {
      while (!done.hasNext() && next != null) {
        List<Row> block = nextBlock();
        int[] ids = block.stream().mapToInt(row -> row.getInt(0)).toArray();
        // Spark runs as many of these tasks as there are cores.
        done = KernelThreadPool.alone(() -> work.on(model, ids, block)).iterator();
        SparkVaePlugin.send(new ProgressMessage(ids.length));
      }
      return done.hasNext();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return done.next();
    }

    private List<Row> nextBlock() {
      List<Row> block = new ArrayList<>(SIZE);
      int number = next.getInt(0) / SIZE;
      while (next != null && next.getInt(0) / SIZE == number && block.size() < SIZE) {
        block.add(next);
        next = images.hasNext() ? images.next() : null;
      }
      return block;
    }
  }
}
