package org.sparkvae.ml;

import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;

/** A program that loads a saved pipeline and transforms images with it. */
final class SavedPipelineTransform {
  private SavedPipelineTransform() {}

  /**
   * Runs the program.
   *
   * @param arguments the path of the pipeline, the output path and the number of images
   */
  public static void main(String[] arguments) {
    SparkSession spark = LocalSpark.session();
    PipelineModel.load(arguments[0])
        .transform(TestImages.of(spark, Integer.parseInt(arguments[2]), 7))
        .write()
        .parquet(arguments[1]);
  }
}
