package org.sparkvae.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.evaluation.metric.ImportanceWeightedBound;
import org.sparkvae.model.ImportanceSampler;
import org.sparkvae.model.ModelFile;
import org.sparkvae.spark.ImageBlocks;
import scala.Tuple2;

/** Draws from the posteriors of images, weighted. */
public final class ImportanceWeighting {
  private ImportanceWeighting() {}

  /**
   * The mean {@link ImportanceWeightedBound} of images, in nats per image.
   *
   * @param images with columns {@code image_id} and {@code pixels}
   * @param model an archive of {@link ModelFile#forInference}
   * @param draws K
   */
  public static double meanBound(
      Dataset<Row> images, Broadcast<byte[]> model, int draws, long seed) {
    List<Tuple2<Integer, Double>> bounds =
        ImageBlocks.map(
                images.select("image_id", "pixels"),
                model,
                ModelFile::read,
                (graph, ids, block) -> bounds(graph, ids, block, draws, seed),
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
      ComputationGraph model, int[] ids, List<Row> block, int draws, long seed) {
    byte[][] pixels = block.stream().map(row -> row.<byte[]>getAs(1)).toArray(byte[][]::new);
    ImportanceSampler sampler = new ImportanceSampler(model, seed);
    double[][] logWeights = new double[ids.length][draws];
    for (int draw = 0; draw < draws; draw++) {
      double[] ofDraw = sampler.logWeights(ids, pixels, draw);
      for (int n = 0; n < ids.length; n++) {
        logWeights[n][draw] = ofDraw[n];
      }
    }
    List<Tuple2<Integer, Double>> bounds = new ArrayList<>();
    for (int n = 0; n < ids.length; n++) {
      bounds.add(new Tuple2<>(ids[n], ImportanceWeightedBound.of(logWeights[n])));
    }
    return bounds;
  }
}
