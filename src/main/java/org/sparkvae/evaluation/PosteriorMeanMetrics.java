package org.sparkvae.evaluation;

import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.evaluation.metric.ActiveUnits;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.PosteriorEncoder;
import org.sparkvae.spark.BatchInference;
import org.sparkvae.spark.ProcessSelfTest;

/** Metrics of the posterior means of images. */
public final class PosteriorMeanMetrics {
  private PosteriorMeanMetrics() {}

  /**
   * Returns the number of {@link ActiveUnits}.
   *
   * @param images a DataFrame with columns {@code image_id} and {@code pixels}
   * @param model an archive from {@link ModelFile#forInference}
   */
  public static int activeUnits(Dataset<Row> images, Broadcast<byte[]> model) {
    return BatchInference.collect(
            images.select("image_id", "pixels"),
            model,
            ProcessSelfTest::readModel,
            PosteriorMeanMetrics::units,
            Encoders.javaSerialization(ActiveUnits.class))
        .stream()
        .reduce(
            (all, block) -> {
              all.add(block);
              return all;
            })
        .orElseThrow()
        .count();
  }

  private static List<ActiveUnits> units(ComputationGraph model, int[] ids, List<Row> block) {
    byte[][] pixels = block.stream().map(row -> row.<byte[]>getAs(1)).toArray(byte[][]::new);
    float[][] means = new PosteriorEncoder(model).means(pixels);
    ActiveUnits units = new ActiveUnits(means[0].length);
    for (float[] mean : means) {
      units.add(mean);
    }
    return List.of(units);
  }
}
