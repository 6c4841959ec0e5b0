package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;

import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.mnist.Split;

/**
 * An evaluation under way.
 *
 * @param model an archive of the run's model
 * @param metrics what has been measured, by the names that {@code evaluation.json} gives it
 */
record Measuring(
    Run run,
    SparkSession spark,
    Images images,
    Broadcast<byte[]> model,
    Map<String, Double> metrics) {
  /** Of so many images of a split, at most, is measured what takes long. */
  static final int MOST_IMAGES = 10_000;

  /** The bound decodes each several times. */
  static final int MOST_IMAGES_OF_BOUND = 5_000;

  boolean has(String name) {
    return metrics.containsKey(name);
  }

  /** Does a Spark job, showing how far it is. */
  void show(String what, long imageCount, Runnable job) {
    ImageProgress.show(run.reporter(), what, imageCount, job);
  }

  Dataset<Row> firstImages(Split split) {
    return firstImages(split, MOST_IMAGES);
  }

  Dataset<Row> firstImages(Split split, int most) {
    return first(images.of(split), most);
  }

  int firstImagesCount(Split split) {
    return firstImagesCount(split, MOST_IMAGES);
  }

  int firstImagesCount(Split split, int most) {
    return Math.min(most, images.count(split));
  }

  Dataset<Row> reconstructions(Split split) {
    return ReconstructionRows.of(run, spark, split);
  }

  Dataset<Row> firstReconstructions(Split split) {
    return first(reconstructions(split), MOST_IMAGES);
  }

  private static Dataset<Row> first(Dataset<Row> images, int most) {
    return images.where(col("image_id").lt(most));
  }
}
