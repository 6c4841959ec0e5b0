package org.sparkvae.run;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.Pixels;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.spark.ImageCheck;
import org.sparkvae.spark.ImageColumn;
import org.sparkvae.spark.ParquetTables;

/** Access to a run's reconstructions. Images are values in [0, 1], row by row. */
final class ReconstructionRows {
  private ReconstructionRows() {}

  /** Returns the reconstructions of a split in no particular order. */
  static Dataset<Row> read(Run run, SparkSession spark, Split split) {
    String path = ReconstructStage.directory(Latent.SAMPLE) + "/split=" + split;
    return ParquetTables.read(spark, DataFrameReconstructor.SCHEMA, run.directory().path(path));
  }

  /**
   * Checks that a split has one valid row per image.
   *
   * @param images the number of images, or empty if it is unknown
   * @throws InputDataException if a row is missing, duplicated or invalid
   */
  static void check(Run run, SparkSession spark, Split split, Optional<Long> images) {
    ImageCheck check =
        ImageCheck.of(
            read(run, spark, split),
            ImageColumn.LABEL,
            ImageColumn.ORIGINAL,
            ImageColumn.RECONSTRUCTION,
            ImageColumn.BCE,
            ImageColumn.KL);
    check
        .problem(images.orElse(check.rows()))
        .ifPresent(
            problem -> {
              throw invalid(run, split, problem);
            });
  }

  /** Returns the exception for missing, duplicated or invalid rows. */
  static InputDataException invalid(Run run, Split split, String problem) {
    return new InputDataException(
        "%s: split=%s: %s. Restore this directory from a copy, or delete it and recreate it with: %s"
            .formatted(
                run.directory().path(Run.RECONSTRUCTIONS),
                split,
                problem,
                run.commandLine("reconstruct")));
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
