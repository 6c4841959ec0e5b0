package org.sparkvae.ml;

import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;

/** What another program does with a pipeline that was saved: reads it and applies it. */
final class SavedPipelineTransform {
  private SavedPipelineTransform() {}

  /** Takes where the pipeline is, where to write and how many images to make. */
  public static void main(String[] arguments) {
    SparkSession spark = LocalSpark.session();
    PipelineModel.load(arguments[0])
        .transform(TestImages.of(spark, Integer.parseInt(arguments[2]), 7))
        .write()
        .parquet(arguments[1]);
  }
}
