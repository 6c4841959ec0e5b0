package org.sparkvae.evaluation;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.sparkvae.evaluation.metric.ImportanceWeightedBound;
import org.sparkvae.model.ImportanceSampler;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.spark.BatchInference;
import org.sparkvae.spark.ProcessSelfTest;

/** Metrics from importance-weighted samples of the posteriors. */
public final class ImportanceWeightedMetrics {
  private ImportanceWeightedMetrics() {}

  /**
   * Returns the mean {@link ImportanceWeightedBound} of the images, in nats per image.
   *
   * @param images a DataFrame with columns {@code image_id} and {@code pixels}
   * @param model an archive from {@link ModelFile#forInference}
   * @param config the configuration of the model
   * @param samples the number of samples of z per image, K
   * @param seed the seed of the noise
   */
  public static double meanBound(
      Dataset<Row> images, Broadcast<byte[]> model, ModelConfig config, int samples, long seed) {
    List<Double> bounds =
        BatchInference.collect(
            images.select("image_id", "pixels"),
            model,
            archive -> new ImportanceSampler(ProcessSelfTest.readModel(archive), config, seed),
            (sampler, ids, block) -> bounds(sampler, ids, block, samples),
            Encoders.DOUBLE());
    return bounds.stream().reduce(0.0, Double::sum) / bounds.size();
  }

  private static List<Double> bounds(
      ImportanceSampler sampler, int[] ids, List<Row> block, int samples) {
    byte[][] pixels = block.stream().map(row -> row.<byte[]>getAs(1)).toArray(byte[][]::new);
    return Arrays.stream(sampler.logWeights(ids, pixels, samples))
        .map(ImportanceWeightedBound::of)
        .toList();
  }
}
