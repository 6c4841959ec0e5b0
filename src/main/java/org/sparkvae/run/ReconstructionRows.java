package org.sparkvae.run;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.Pixels;
import org.sparkvae.reconstruction.DataFrameReconstructor;

/** The rows of a run's reconstructions, and their images as values in [0, 1], row by row. */
final class ReconstructionRows {
  private ReconstructionRows() {}

  /** All of a split, in no particular order. */
  static Dataset<Row> of(Run run, SparkSession spark, Split split) {
    String path = ReconstructStage.directory(Latent.SAMPLE) + "/split=" + split;
    return spark.read().schema(DataFrameReconstructor.SCHEMA).parquet(run.directory().path(path));
  }

  /** What to throw where an image is missing. */
  static InputDataException incomplete(Run run, Split split) {
    return new InputDataException(
        "%s has not every image of split=%s; put it back from a copy, or delete it and make it anew with: reconstruct --run-id %s"
            .formatted(run.directory().path(Run.RECONSTRUCTIONS), split, run.id()));
  }

  static float[] original(Row row) {
    return Pixels.greys(row.getAs("original"));
  }

  static float[] reconstruction(Row row) {
    return Pixels.array(row.getList(row.fieldIndex("reconstruction")));
  }
}
