package org.sparkvae.reconstruction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.ImageReconstructor;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.Reconstruction;
import org.sparkvae.spark.BatchInference;
import org.sparkvae.spark.ImageColumn;
import org.sparkvae.spark.ProcessSelfTest;
import org.sparkvae.spark.SparkSessions;
import scala.collection.JavaConverters;

/** Reconstruction of a DataFrame of images with a broadcast model, partition by partition. */
public final class DataFrameReconstructor {
  /**
   * The schema of reconstructions: {@code image_id} (order of the IDX file), {@code label}, {@code
   * original} (a byte per pixel), {@code reconstruction} (a value in [0, 1] per pixel, row by row),
   * {@code bce} (nats per pixel) and {@code kl} (nats per image).
   */
  public static final StructType SCHEMA =
      new StructType()
          .add("image_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.IntegerType, false)
          .add("original", DataTypes.BinaryType, false)
          .add("reconstruction", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("bce", DataTypes.FloatType, false)
          .add("kl", DataTypes.FloatType, false);

  /** The schema with the column {@code split} after {@code label}. */
  private static final StructType SCHEMA_WITH_SPLIT =
      new StructType()
          .add(SCHEMA.apply("image_id"))
          .add(SCHEMA.apply("label"))
          .add("split", DataTypes.StringType, false)
          .add(SCHEMA.apply("original"))
          .add(SCHEMA.apply("reconstruction"))
          .add(SCHEMA.apply("bce"))
          .add(SCHEMA.apply("kl"));

  private DataFrameReconstructor() {}

  /**
   * Reconstructs each image. Evaluation is lazy.
   *
   * @param images a DataFrame with columns {@code image_id}, {@code label} and {@code pixels}
   * @param model an archive from {@link ModelFile#forInference}
   * @return one row for each image, with {@link #SCHEMA}
   */
  public static Dataset<Row> reconstruct(
      Dataset<Row> images, byte[] model, Latent latent, long seed) {
    Dataset<Row> partitioned =
        BatchInference.partition(images.select("image_id", "label", "pixels"));
    return decode(partitioned, SCHEMA, model, latent, seed);
  }

  /**
   * Reconstructs each image, like {@link #reconstruct}, but keeps the partitions and the column
   * {@code split}.
   *
   * @param images a DataFrame for {@link BatchInference#map}, with columns {@code image_id}, {@code
   *     label}, {@code split} and {@code pixels}
   * @return one row for each image, with {@link #SCHEMA} and {@code split}
   */
  public static Dataset<Row> reconstructPartitions(
      Dataset<Row> images, byte[] model, Latent latent, long seed) {
    return decode(
        images.select("image_id", "label", "split", "pixels"),
        SCHEMA_WITH_SPLIT,
        model,
        latent,
        seed);
  }

  /**
   * Appends the columns {@code reconstruction}, {@code bce} and {@code kl} of {@link #SCHEMA} to a
   * DataFrame. Evaluation is lazy. A task throws an {@link InputDataException} if a row has no
   * {@code image_id} or not 784 bytes of pixels.
   *
   * @param images a DataFrame with columns {@code image_id} and {@code pixels}, and any others
   * @param model an archive from {@link ModelFile#forInference}
   */
  public static Dataset<Row> addColumns(
      Dataset<Row> images, byte[] model, Latent latent, long seed) {
    Column[] columnsWithIdFirst =
        Stream.concat(
                Stream.of("image_id"),
                Arrays.stream(images.columns()).filter(name -> !name.equals("image_id")))
            .map(name -> images.col(quoted(name)))
            .toArray(Column[]::new);
    Dataset<Row> ordered = BatchInference.partition(images.select(columnsWithIdFirst));
    Dataset<Row> decoded = decode(ordered, addColumns(ordered.schema()), model, latent, seed);
    return decoded.select(
        Arrays.stream(addColumns(images.schema()).fieldNames())
            .map(name -> decoded.col(quoted(name)))
            .toArray(Column[]::new));
  }

  private static String quoted(String name) {
    return "`%s`".formatted(name.replace("`", "``"));
  }

  /**
   * Returns the schema with the three columns that {@link #addColumns(Dataset, byte[], Latent,
   * long)} appends.
   */
  public static StructType addColumns(StructType images) {
    return images
        .add(SCHEMA.apply("reconstruction"))
        .add(SCHEMA.apply("bce"))
        .add(SCHEMA.apply("kl"));
  }

  /**
   * Reconstructs the images and appends the three columns.
   *
   * @param images a DataFrame for {@link BatchInference#map}
   * @param schema the schema of the result
   */
  private static Dataset<Row> decode(
      Dataset<Row> images, StructType schema, byte[] model, Latent latent, long seed) {
    int pixels = images.schema().fieldIndex("pixels");
    Broadcast<byte[]> broadcast = SparkSessions.broadcast(images.sparkSession(), model);
    return BatchInference.map(
        images,
        broadcast,
        ProcessSelfTest::readModel,
        (ComputationGraph graph, int[] ids, List<Row> block) ->
            rows(new ImageReconstructor(graph, latent, seed), ids, block, pixels),
        Encoders.row(schema));
  }

  private static void check(int[] ids, byte[][] images) {
    long invalid =
        Stream.of(images)
            .filter(image -> image == null || image.length != ImageShape.PIXELS)
            .count();
    if (invalid > 0) {
      throw new InputDataException(
          "%s. Correct these images, or remove them."
              .formatted(
                  ImageColumn.PIXELS.problem(
                      invalid,
                      "%d rows of a minibatch, image_id %d to %d"
                          .formatted(ids.length, ids[0], ids[ids.length - 1]))));
    }
  }

  private static List<Row> rows(
      ImageReconstructor reconstructor, int[] ids, List<Row> block, int pixels) {
    byte[][] images = block.stream().map(row -> row.<byte[]>getAs(pixels)).toArray(byte[][]::new);
    check(ids, images);
    List<Reconstruction> reconstructions = reconstructor.reconstruct(ids, images);
    List<Row> rows = new ArrayList<>(ids.length);
    for (int n = 0; n < ids.length; n++) {
      Reconstruction reconstruction = reconstructions.get(n);
      List<Object> values = new ArrayList<>(JavaConverters.seqAsJavaList(block.get(n).toSeq()));
      values.add(reconstruction.pixels());
      values.add((float) reconstruction.bceNatsPerPixel());
      values.add((float) reconstruction.klNatsPerImage());
      rows.add(RowFactory.create(values.toArray()));
    }
    return rows;
  }
}
