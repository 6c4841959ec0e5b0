package org.sparkvae.run;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.Pixels;
import org.sparkvae.reconstruction.DataFrameReconstructor;

/** Access to a run's reconstructions. Images are values in [0, 1], row by row. */
final class ReconstructionRows {
  private ReconstructionRows() {}

  /** Returns the reconstructions of a split in no particular order. */
  static Dataset<Row> read(Run run, SparkSession spark, Split split) {
    String path = ReconstructStage.directory(Latent.SAMPLE) + "/split=" + split;
    return spark.read().schema(DataFrameReconstructor.SCHEMA).parquet(run.directory().path(path));
  }

  /** Returns the exception for missing or duplicate images. */
  static InputDataException incomplete(Run run, Split split) {
    return new InputDataException(
        "%s: split=%s must have exactly one row per image. Restore this directory from a copy, or delete it and recreate it with: %s"
            .formatted(
                run.directory().path(Run.RECONSTRUCTIONS), split, run.commandLine("reconstruct")));
  }

  /** Returns a row's original image. */
  static float[] original(Row row) {
    return Pixels.grayValues(row.getAs("original"));
  }

  /** Returns a row's reconstructed image. */
  static float[] reconstruction(Row row) {
    return Pixels.toArray(row.getList(row.fieldIndex("reconstruction")));
  }
}
