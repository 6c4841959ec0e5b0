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
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.Pixels;
import org.sparkvae.spark.ProgressIterator;

/** Metrics of written reconstructions. */
public final class ReconstructionMetrics {
  /** The names of the metrics from {@link #of}. */
  public static final List<String> NAMES = SplitMetrics.NAMES;

  private ReconstructionMetrics() {}

  /**
   * Measures the reconstructions of a split.
   *
   * @param reconstructions the output of {@code reconstruct}; the column {@code label} is optional
   * @return the metrics by their names in {@code evaluation.json}, without the split
   */
  public static Map<String, Double> of(Dataset<Row> reconstructions, ModelConfig config) {
    MapPartitionsFunction<Row, Row> withProgress = ProgressIterator::new;
    MapFunction<Row, Row> scores = ReconstructionMetrics::scores;
    Dataset<Row> pairs = reconstructions.select("original", "reconstruction", "bce", "kl");
    return SplitMetrics.of(
        pairs
            .mapPartitions(withProgress, Encoders.row(pairs.schema()))
            .map(scores, Encoders.row(SplitMetrics.SCORES)),
        config);
  }

  private static Row scores(Row row) {
    byte[] original = row.getAs(0);
    float[] reconstruction = Pixels.toArray(row.getList(1));
    double meanSquaredError = PixelMetrics.meanSquaredError(original, reconstruction);
    return RowFactory.create(
        (double) row.getFloat(2),
        PixelMetrics.entropyFloor(original),
        (double) row.getFloat(3),
        meanSquaredError,
        PixelMetrics.peakSignalToNoise(meanSquaredError),
        new StructuralSimilarity(ModelConfig.SIDE).of(original, reconstruction));
  }
}
