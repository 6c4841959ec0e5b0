package org.sparkvae.evaluation;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.evaluation.metric.PixelMetrics;
import org.sparkvae.evaluation.metric.StructuralSimilarity;
import org.sparkvae.model.Architecture;
import org.sparkvae.model.Pixels;
import org.sparkvae.spark.CountedRows;

/** Metrics of reconstructions that have been written. */
public final class ReconstructionScores {
  /** Of {@link #of}'s metrics. */
  public static final List<String> NAMES = SplitMetrics.NAMES;

  private ReconstructionScores() {}

  /**
   * Measures a split.
   *
   * @param reconstructions as written by {@code reconstruct}; of their columns {@code label} is not
   *     used
   * @return name in {@code evaluation.json}, without the split, to value
   */
  public static Map<String, Double> of(Dataset<Row> reconstructions, Architecture architecture) {
    List<ImageScores> scores =
        reconstructions
            .select("image_id", "original", "reconstruction", "bce", "kl")
            .javaRDD()
            .mapPartitions(CountedRows::new)
            .map(ReconstructionScores::scores)
            .collect();
    return SplitMetrics.of(scores, architecture);
  }

  private static ImageScores scores(Row row) {
    byte[] original = row.getAs(1);
    float[] reconstruction = Pixels.array(row.getList(2));
    return new ImageScores(
        row.getInt(0),
        row.getFloat(3),
        PixelMetrics.entropyFloor(original),
        row.getFloat(4),
        PixelMetrics.meanSquaredError(original, reconstruction),
        new StructuralSimilarity(Architecture.SIDE).of(original, reconstruction));
  }
}
