package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.util.Collection;
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
record EvaluationContext(
    Run run,
    SparkSession spark,
    RunImages images,
    Broadcast<byte[]> model,
    Map<String, Double> metrics) {
  /** Of so many images of a split, at most, is measured what takes long. */
  static final int MOST_IMAGES = 10_000;

  /** The bound decodes each several times. */
  private static final int MOST_IMAGES_OF_BOUND = 5_000;

  /** Images that are decoded together stay together. */
  private static final int BLOCK = 100;

  boolean has(Collection<String> names) {
    return metrics.keySet().containsAll(names);
  }

  /** Does a Spark job, showing how far it is. */
  void show(String what, long imageCount, Runnable job) {
    ImageProgress.show(run.reporter(), what, imageCount, job);
  }

  Dataset<Row> firstImages(Split split) {
    return first(images.of(split));
  }

  int firstImagesCount(Split split) {
    return Math.min(MOST_IMAGES, images.count(split));
  }

  /** Every so-many-th hundred: the first half of MNIST's test images is easier than the other. */
  Dataset<Row> spreadImages(Split split) {
    return images
        .of(split)
        .where(expr("image_id div %d %% %d = 0".formatted(BLOCK, stride(split))));
  }

  int spreadImagesCount(Split split) {
    int count = 0;
    for (int from = 0; from < images.count(split); from += BLOCK * stride(split)) {
      count += Math.min(BLOCK, images.count(split) - from);
    }
    return count;
  }

  private int stride(Split split) {
    return Math.max(1, (images.count(split) + MOST_IMAGES_OF_BOUND - 1) / MOST_IMAGES_OF_BOUND);
  }

  Dataset<Row> reconstructions(Split split) {
    return ReconstructionRows.of(run, spark, split);
  }

  Dataset<Row> firstReconstructions(Split split) {
    return first(reconstructions(split));
  }

  private static Dataset<Row> first(Dataset<Row> images) {
    return images.where(col("image_id").lt(MOST_IMAGES));
  }
}
