package org.sparkvae.sampling;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.model.LatentDecoder;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.spark.BatchInference;

/** Images drawn from a model. */
public final class GeneratedImages {
  private static final StructType SCHEMA =
      new StructType()
          .add("image_id", DataTypes.IntegerType, false)
          .add("reconstruction", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private GeneratedImages() {}

  /**
   * Decodes draws 0 … count − 1, when the result is asked for.
   *
   * @param archive of {@link ModelFile#forInference}
   * @return {@code image_id}, the draw, and {@code reconstruction}, 784 values in [0, 1]
   */
  public static Dataset<Row> of(
      SparkSession spark,
      LatentDistribution source,
      int count,
      Broadcast<byte[]> archive,
      ModelConfig architecture) {
    return BatchInference.map(
        spark.range(count).select(col("id").cast(DataTypes.IntegerType).as("image_id")),
        archive,
        model -> new LatentDecoder(ModelFile.read(model), architecture),
        (LatentDecoder decoder, int[] ids, List<Row> block) -> decoded(decoder, ids, source),
        Encoders.row(SCHEMA));
  }

  private static List<Row> decoded(LatentDecoder decoder, int[] ids, LatentDistribution source) {
    List<float[]> images = decoder.decode(IntStream.of(ids).mapToObj(source::z).toList());
    List<Row> rows = new ArrayList<>(ids.length);
    for (int n = 0; n < ids.length; n++) {
      rows.add(RowFactory.create(ids[n], images.get(n)));
    }
    return rows;
  }

  /** Decodes draws 0 … count − 1 in this process: {@link #of}'s, if they are a hundred. */
  public static List<float[]> here(
      ComputationGraph model, LatentDistribution source, int count, ModelConfig architecture) {
    return new LatentDecoder(model, architecture)
        .decode(IntStream.range(0, count).mapToObj(source::z).toList());
  }
}
