package org.sparkvae.reconstruction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.model.ImageReconstructor;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.Reconstruction;
import org.sparkvae.spark.BatchInference;

/** Reconstructs a DataFrame of images with a broadcast model, partition by partition. */
public final class DataFrameReconstructor {
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

  private DataFrameReconstructor() {}

  /**
   * Reconstructs each image, when the result is asked for.
   *
   * @param images with columns {@code image_id}, {@code label} and {@code pixels}
   * @param model an archive of {@link ModelFile#forInference}
   * @return a row for each image, as {@link #SCHEMA} says
   */
  public static Dataset<Row> reconstruct(
      Dataset<Row> images, byte[] model, Latent latent, long seed) {
    return decoded(images.select("image_id", "label", "pixels"), SCHEMA, model, latent, seed);
  }

  /**
   * Adds {@code reconstruction}, {@code bce} and {@code kl}, as {@link #SCHEMA} has them, to
   * whatever columns there are, when the result is asked for.
   *
   * @param images with columns {@code image_id} and {@code pixels} among others
   * @param model an archive of {@link ModelFile#forInference}
   */
  public static Dataset<Row> addTo(Dataset<Row> images, byte[] model, Latent latent, long seed) {
    Column[] idFirst =
        Stream.concat(
                Stream.of("image_id"),
                Arrays.stream(images.columns()).filter(name -> !name.equals("image_id")))
            .map(name -> images.col("`%s`".formatted(name)))
            .toArray(Column[]::new);
    Dataset<Row> ordered = images.select(idFirst);
    Dataset<Row> decoded =
        decoded(ordered, withReconstruction(ordered.schema()), model, latent, seed);
    return decoded.select(
        Arrays.stream(withReconstruction(images.schema()).fieldNames())
            .map(name -> decoded.col("`%s`".formatted(name)))
            .toArray(Column[]::new));
  }

  /** A schema and the three columns that {@link #addTo} adds. */
  public static StructType withReconstruction(StructType images) {
    return images
        .add(SCHEMA.apply("reconstruction"))
        .add(SCHEMA.apply("bce"))
        .add(SCHEMA.apply("kl"));
  }

  /**
   * Adds the three columns to others.
   *
   * @param images of which the first column is {@code image_id}
   * @param schema of the result
   */
  private static Dataset<Row> decoded(
      Dataset<Row> images, StructType schema, byte[] model, Latent latent, long seed) {
    int pixels = images.schema().fieldIndex("pixels");
    Broadcast<byte[]> broadcast =
        JavaSparkContext.fromSparkContext(images.sparkSession().sparkContext()).broadcast(model);
    return BatchInference.map(
        images,
        broadcast,
        ModelFile::read,
        (ComputationGraph graph, int[] ids, List<Row> block) ->
            rows(new ImageReconstructor(graph, latent, seed), ids, block, pixels),
        Encoders.row(schema));
  }

  private static List<Row> rows(
      ImageReconstructor decoder, int[] ids, List<Row> block, int pixels) {
    byte[][] images = block.stream().map(row -> row.<byte[]>getAs(pixels)).toArray(byte[][]::new);
    List<Reconstruction> reconstructions = decoder.reconstruct(ids, images);
    List<Row> rows = new ArrayList<>(ids.length);
    for (int n = 0; n < ids.length; n++) {
      Reconstruction each = reconstructions.get(n);
      Object[] values = Arrays.copyOf(values(block.get(n)), block.get(n).size() + 3);
      values[values.length - 3] = each.pixels();
      values[values.length - 2] = (float) each.bceNatsPerPixel();
      values[values.length - 1] = (float) each.klNatsPerImage();
      rows.add(RowFactory.create(values));
    }
    return rows;
  }

  private static Object[] values(Row row) {
    Object[] values = new Object[row.size()];
    Arrays.setAll(values, row::get);
    return values;
  }
}
