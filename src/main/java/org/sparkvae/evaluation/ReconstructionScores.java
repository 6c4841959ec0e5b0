package org.sparkvae.evaluation;

import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
    MapPartitionsFunction<Row, Row> counted = CountedRows::new;
    MapFunction<Row, Row> scores = ReconstructionScores::scores;
    Dataset<Row> pairs = reconstructions.select("original", "reconstruction", "bce", "kl");
    return SplitMetrics.of(
        pairs
            .mapPartitions(counted, Encoders.row(pairs.schema()))
            .map(scores, Encoders.row(SplitMetrics.SCORES)),
        architecture);
  }

  private static Row scores(Row row) {
    byte[] original = row.getAs(0);
    float[] reconstruction = Pixels.array(row.getList(1));
    double meanSquaredError = PixelMetrics.meanSquaredError(original, reconstruction);
    return RowFactory.create(
        (double) row.getFloat(2),
        PixelMetrics.entropyFloor(original),
        (double) row.getFloat(3),
        meanSquaredError,
        PixelMetrics.peakSignalToNoise(meanSquaredError),
        new StructuralSimilarity(Architecture.SIDE).of(original, reconstruction));
  }
}
