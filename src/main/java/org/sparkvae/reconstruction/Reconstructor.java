package org.sparkvae.reconstruction;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.model.ImageDecoder;
import org.sparkvae.model.ImageDecoder.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.Reconstruction;
import org.sparkvae.spark.ImageBlocks;

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

  private Reconstructor() {}

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
    return ImageBlocks.map(
        images.select("image_id", "label", "pixels"),
        broadcast,
        ModelFile::read,
        (ComputationGraph graph, int[] ids, List<Row> block) ->
            rows(new ImageDecoder(graph, latent, seed), ids, block),
        Encoders.row(SCHEMA));
  }

  private static List<Row> rows(ImageDecoder decoder, int[] ids, List<Row> block) {
    byte[][] pixels = block.stream().map(row -> row.<byte[]>getAs(2)).toArray(byte[][]::new);
    List<Reconstruction> reconstructions = decoder.reconstruct(ids, pixels);
    List<Row> rows = new ArrayList<>(ids.length);
    for (int n = 0; n < ids.length; n++) {
      Reconstruction each = reconstructions.get(n);
      rows.add(
          RowFactory.create(
              ids[n],
              block.get(n).getInt(1),
              pixels[n],
              each.pixels(),
              (float) each.bceNatsPerPixel(),
              (float) each.klNatsPerImage()));
    }
    return rows;
  }
}
