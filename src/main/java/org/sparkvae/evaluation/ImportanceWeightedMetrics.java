package org.sparkvae.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
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
import scala.Tuple2;

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
    List<Tuple2<Integer, Double>> bounds =
        BatchInference.map(
                images.select("image_id", "pixels"),
                model,
                archive -> new ImportanceSampler(ModelFile.read(archive), config, seed),
                (sampler, ids, block) -> bounds(sampler, ids, block, samples),
                Encoders.tuple(Encoders.INT(), Encoders.DOUBLE()))
            .collectAsList();
    // Sorted by image, so that rounding does not depend on the partitioning.
    return bounds.stream()
            .sorted(Comparator.comparing(Tuple2::_1))
            .mapToDouble(Tuple2::_2)
            .reduce(0, Double::sum)
        / bounds.size();
  }

  private static List<Tuple2<Integer, Double>> bounds(
      ImportanceSampler sampler, int[] ids, List<Row> block, int samples) {
    byte[][] pixels = block.stream().map(row -> row.<byte[]>getAs(1)).toArray(byte[][]::new);
    double[][] logWeights = sampler.logWeights(ids, pixels, samples);
    List<Tuple2<Integer, Double>> bounds = new ArrayList<>();
    for (int n = 0; n < ids.length; n++) {
      bounds.add(new Tuple2<>(ids[n], ImportanceWeightedBound.of(logWeights[n])));
    }
    return bounds;
  }
}
