package org.sparkvae.evaluation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.evaluation.metric.PixelMetrics;
import org.sparkvae.evaluation.metric.StructuralSimilarity;
import org.sparkvae.model.Architecture;
import org.sparkvae.spark.DriverMessages;
import org.sparkvae.spark.ImagesDone;

/** Metrics of reconstructions that have been written. */
public final class ReconstructionScores {
  /** Of {@link #of}'s metrics. */
  public static final List<String> NAMES = SplitMetrics.NAMES;

  /** Images between two words to the driver. */
  private static final int REPORTED = 500;

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
            .mapPartitions(ReconstructionScores::scores)
            .collect();
    return SplitMetrics.of(scores, architecture);
  }

  private static Iterator<ImageScores> scores(Iterator<Row> rows) {
    List<ImageScores> scores = new ArrayList<>();
    while (rows.hasNext()) {
      scores.add(scores(rows.next()));
      if (scores.size() % REPORTED == 0 || !rows.hasNext()) {
        DriverMessages.send(new ImagesDone((scores.size() - 1) % REPORTED + 1));
      }
    }
    return scores.iterator();
  }

  private static ImageScores scores(Row row) {
    byte[] original = row.getAs(1);
    List<Float> values = row.getList(2);
    float[] reconstruction = new float[values.size()];
    for (int i = 0; i < reconstruction.length; i++) {
      reconstruction[i] = values.get(i);
    }
    return new ImageScores(
        row.getInt(0),
        row.getFloat(3),
        PixelMetrics.entropyFloor(original),
        row.getFloat(4),
        PixelMetrics.meanSquaredError(original, reconstruction),
        new StructuralSimilarity(Architecture.SIDE).of(original, reconstruction));
  }
}
