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

/** Draws from the posteriors of images, weighted. */
public final class ImportanceWeighting {
  private ImportanceWeighting() {}

  /**
   * The mean {@link ImportanceWeightedBound} of images, in nats per image.
   *
   * @param images with columns {@code image_id} and {@code pixels}
   * @param model an archive of {@link ModelFile#forInference}
   * @param architecture of the model
   * @param draws K
   * @param seed decides the noise
   */
  public static double meanBound(
      Dataset<Row> images,
      Broadcast<byte[]> model,
      ModelConfig architecture,
      int draws,
      long seed) {
    List<Tuple2<Integer, Double>> bounds =
        BatchInference.map(
                images.select("image_id", "pixels"),
                model,
                archive -> new ImportanceSampler(ModelFile.read(archive), architecture, seed),
                (sampler, ids, block) -> bounds(sampler, ids, block, draws),
                Encoders.tuple(Encoders.INT(), Encoders.DOUBLE()))
            .collectAsList();
    // In the order of the images, so that rounding does not depend on where they were.
    return bounds.stream()
            .sorted(Comparator.comparing(Tuple2::_1))
            .mapToDouble(Tuple2::_2)
            .reduce(0, Double::sum)
        / bounds.size();
  }

  private static List<Tuple2<Integer, Double>> bounds(
      ImportanceSampler sampler, int[] ids, List<Row> block, int draws) {
    byte[][] pixels = block.stream().map(row -> row.<byte[]>getAs(1)).toArray(byte[][]::new);
    double[][] logWeights = sampler.logWeights(ids, pixels, draws);
    List<Tuple2<Integer, Double>> bounds = new ArrayList<>();
    for (int n = 0; n < ids.length; n++) {
      bounds.add(new Tuple2<>(ids[n], ImportanceWeightedBound.of(logWeights[n])));
    }
    return bounds;
  }
}
