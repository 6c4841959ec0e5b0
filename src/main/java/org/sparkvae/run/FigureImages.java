package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.Split;
import org.sparkvae.training.EpochPermutation;

/**
 * The training images in a run's figures, chosen at random with the run's seed. Each image is a
 * value in [0, 1] per pixel, row by row.
 *
 * @param originals the original images
 * @param reconstructions the reconstructions of the same images, in the same order
 */
record FigureImages(List<float[]> originals, List<float[]> reconstructions) {
  /** The number of images in a figure of the reference report. */
  static final int COUNT = 100;

  /**
   * Chooses and reads the images.
   *
   * @param trainCount number of training images, with IDs 0 … trainCount − 1
   * @throws InputDataException if a reconstruction is missing
   */
  static FigureImages read(Run run, SparkSession spark, int trainCount) {
    EpochPermutation order = new EpochPermutation(run.settings().seed(), 0, trainCount);
    List<Integer> ids =
        IntStream.range(0, Math.min(COUNT, trainCount)).mapToObj(order::imageAt).toList();
    Map<Integer, Row> rows = new HashMap<>();
    ReconstructionRows.read(run, spark, Split.TRAIN)
        .where(col("image_id").isin(ids.toArray()))
        .collectAsList()
        .forEach(row -> rows.put(row.getInt(0), row));
    if (rows.size() != ids.size()) {
      throw ReconstructionRows.invalid(
          run,
          Split.TRAIN,
          "found %d of the %d images of the figures, each expected once"
              .formatted(rows.size(), ids.size()));
    }
    List<Row> orderedRows = ids.stream().map(rows::get).toList();
    return new FigureImages(
        orderedRows.stream().map(ReconstructionRows::original).toList(),
        orderedRows.stream().map(ReconstructionRows::reconstruction).toList());
  }

  /** Returns the number of images, which is less than 100 if the run has fewer. */
  int count() {
    return originals.size();
  }
}
