package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.mnist.Split;
import org.sparkvae.training.EpochPermutation;

/**
 * The training images that a run's figures show, in the order in which its seed chooses them.
 *
 * @param originals each 784 values in [0, 1], row by row
 * @param reconstructions of the same images, likewise
 */
record FigureImages(List<float[]> originals, List<float[]> reconstructions) {
  /** As many as there are places in the report's figures. */
  static final int COUNT = 100;

  /**
   * Reads them.
   *
   * @param trainImages among which to choose, ids 0 … count − 1
   */
  static FigureImages of(Run run, SparkSession spark, int trainImages) {
    EpochPermutation order = new EpochPermutation(run.settings().seed(), 0, trainImages);
    List<Integer> ids =
        IntStream.range(0, Math.min(COUNT, trainImages)).mapToObj(order::imageAt).toList();
    Map<Integer, Row> rows = new HashMap<>();
    ReconstructionRows.of(run, spark, Split.TRAIN)
        .where(col("image_id").isin(ids.toArray()))
        .collectAsList()
        .forEach(row -> rows.put(row.getInt(0), row));
    if (rows.size() != ids.size()) {
      throw ReconstructionRows.incomplete(run, Split.TRAIN);
    }
    List<Row> chosen = ids.stream().map(rows::get).toList();
    return new FigureImages(
        chosen.stream().map(ReconstructionRows::original).toList(),
        chosen.stream().map(ReconstructionRows::reconstruction).toList());
  }

  int count() {
    return originals.size();
  }
}
