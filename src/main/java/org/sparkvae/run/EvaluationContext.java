package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.evaluation.Metric;
import org.sparkvae.mnist.Split;

/**
 * The inputs and the results of an evaluation in progress.
 *
 * @param run the evaluated run
 * @param spark the Spark session
 * @param images the run's images
 * @param modelArchive the run's model as an archive from {@link
 *     org.sparkvae.model.ModelFile#forInference}
 * @param importanceSamples number of samples of z for each image's importance-weighted bound
 * @param metrics the metrics computed so far, by their names in {@code evaluation.json}; mutable
 */
record EvaluationContext(
    Run run,
    SparkSession spark,
    RunImages images,
    Broadcast<byte[]> modelArchive,
    int importanceSamples,
    Map<String, Double> metrics) {
  /** The maximum number of images per split for expensive metrics. */
  static final int MAX_IMAGES = 10_000;

  /**
   * The maximum number of images per split for the importance-weighted bound, which decodes each
   * image several times.
   */
  private static final int MAX_IMPORTANCE_SAMPLED_IMAGES = 5_000;

  /** The number of consecutive images in a block, which is one minibatch of inference. */
  private static final int BLOCK_SIZE = 100;

  /** Returns whether all metrics that match a filter have been computed. */
  boolean hasMetrics(Predicate<Metric> filter) {
    return metrics.keySet().containsAll(Metric.names(importanceSamples, filter));
  }

  /** Stores a metric of the run. */
  void put(Metric metric, double value) {
    put(metric, "", value);
  }

  /** Stores a metric under one of the prefixes of its source. */
  void put(Metric metric, String prefix, double value) {
    metrics.put(metric.name(prefix, importanceSamples), value);
  }

  /** Runs a Spark job and reports its progress. */
  void runWithProgress(String task, long imageCount, Runnable job) {
    ImageProgress.run(run.reporter(), task, imageCount, job);
  }

  /** Runs a Spark job that computes metrics, unless all metrics that match a filter exist. */
  void computeMissing(Predicate<Metric> filter, String task, long imageCount, Runnable job) {
    if (!hasMetrics(filter)) {
      runWithProgress(task, imageCount, job);
    }
  }

  /** Returns the first 10,000 images of a split. */
  Dataset<Row> firstImages(Split split) {
    return first(images.split(split));
  }

  /** Returns the number of images in {@link #firstImages}. */
  int firstImageCount(Split split) {
    return Math.min(MAX_IMAGES, images.count(split));
  }

  /**
   * Returns at most 5,000 images for the importance-weighted bound, in blocks of 100 at regular
   * intervals. The first 5,000 alone would bias the bound, because the first half of MNIST's test
   * images is easier than the second.
   */
  Dataset<Row> importanceSampledImages(Split split) {
    return images
        .split(split)
        .where(expr("image_id div %d %% %d = 0".formatted(BLOCK_SIZE, stride(split))));
  }

  /** Returns the number of images in {@link #importanceSampledImages}. */
  int importanceSampledImageCount(Split split) {
    int count = 0;
    for (int from = 0; from < images.count(split); from += BLOCK_SIZE * stride(split)) {
      count += Math.min(BLOCK_SIZE, images.count(split) - from);
    }
    return count;
  }

  private int stride(Split split) {
    return Math.max(
        1,
        (images.count(split) + MAX_IMPORTANCE_SAMPLED_IMAGES - 1) / MAX_IMPORTANCE_SAMPLED_IMAGES);
  }

  /** Returns the reconstructions of a split. */
  Dataset<Row> reconstructions(Split split) {
    return ReconstructionRows.read(run, spark, split);
  }

  /** Returns the reconstructions of the first 10,000 images of a split. */
  Dataset<Row> firstReconstructions(Split split) {
    return first(reconstructions(split));
  }

  private static Dataset<Row> first(Dataset<Row> images) {
    return images.where(col("image_id").lt(MAX_IMAGES));
  }
}
