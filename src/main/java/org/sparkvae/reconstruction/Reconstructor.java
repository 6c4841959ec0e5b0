package org.sparkvae.reconstruction;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkvae.model.ImageDecoder;
import org.sparkvae.model.ImageDecoder.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.Reconstruction;
import org.sparkvae.model.cpu.Threads;
import org.sparkvae.spark.DriverMessages;

/** Reconstructs a DataFrame of images with a broadcast model, partition by partition. */
public final class Reconstructor {
  /**
   * {@code image_id} (order of the IDX file), {@code label}, {@code original} (784 bytes), {@code
   * reconstruction} (784 values in [0, 1], row by row), {@code bce} (nats per pixel), {@code kl}
   * (nats per image).
   */
  public static final StructType SCHEMA =
      new StructType()
          .add("image_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.IntegerType, false)
          .add("original", DataTypes.BinaryType, false)
          .add("reconstruction", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("bce", DataTypes.FloatType, false)
          .add("kl", DataTypes.FloatType, false);

  private static final int MINIBATCH = 100;

  private Reconstructor() {}

  /** A task's word to the driver that so many more images are done. */
  public record Progress(int images) implements Serializable {}

  /**
   * Reconstructs each image, when the result is asked for.
   *
   * @param images with columns {@code image_id}, {@code label} and {@code pixels}
   * @param model an archive of {@link ModelFile#forInference}
   * @return a row for each image, as {@link #SCHEMA} says
   */
  public static Dataset<Row> reconstruct(
      Dataset<Row> images, byte[] model, Latent latent, long seed) {
    Broadcast<byte[]> broadcast =
        JavaSparkContext.fromSparkContext(images.sparkSession().sparkContext()).broadcast(model);
    MapPartitionsFunction<Row, Row> decode =
        rows -> new Decoding(rows, broadcast.value(), latent, seed);
    return forAllCores(images.select("image_id", "label", "pixels"))
        .mapPartitions(decode, Encoders.row(SCHEMA));
  }

  /** The table has a file for some thousand images, which may be fewer than there are cores. */
  private static Dataset<Row> forAllCores(Dataset<Row> images) {
    int cores = images.sparkSession().sparkContext().defaultParallelism();
    return images.rdd().getNumPartitions() < cores ? images.repartition(cores) : images;
  }

  /** Decodes a partition a minibatch at a time, holding no more than one. */
  private static final class Decoding implements Iterator<Row> {
    private final Iterator<Row> images;
    private final ImageDecoder decoder;
    private Iterator<Row> decoded = List.<Row>of().iterator();

    Decoding(Iterator<Row> images, byte[] model, Latent latent, long seed) {
      this.images = images;
      try {
        this.decoder = new ImageDecoder(ModelFile.read(model), latent, seed);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean hasNext() {
      return decoded.hasNext() || images.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (!decoded.hasNext()) {
        decoded = nextMinibatch().iterator();
      }
      return decoded.next();
    }

    private List<Row> nextMinibatch() {
      List<Row> rows = new ArrayList<>(MINIBATCH);
      while (rows.size() < MINIBATCH && images.hasNext()) {
        rows.add(images.next());
      }
      int[] ids = rows.stream().mapToInt(row -> row.getInt(0)).toArray();
      byte[][] pixels = rows.stream().map(row -> row.<byte[]>getAs(2)).toArray(byte[][]::new);
      // Spark runs as many of these tasks as there are cores.
      List<Reconstruction> reconstructions = Threads.alone(() -> decoder.reconstruct(ids, pixels));
      DriverMessages.send(new Progress(ids.length));

      List<Row> result = new ArrayList<>(rows.size());
      for (int n = 0; n < ids.length; n++) {
        Reconstruction each = reconstructions.get(n);
        result.add(
            RowFactory.create(
                ids[n],
                rows.get(n).getInt(1),
                pixels[n],
                each.pixels(),
                (float) each.bceNatsPerPixel(),
                (float) each.klNatsPerImage()));
      }
      return result;
    }
  }
}
