package org.sparkvae.run;

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
 * @param size the number of evaluated images and of importance samples
 * @param metrics the metrics computed so far, by their names in {@code evaluation.json}; mutable
 */
record EvaluationContext(
    Run run,
    SparkSession spark,
    RunImages images,
    Broadcast<byte[]> modelArchive,
    EvaluationSize size,
    Map<String, Double> metrics) {
  /** The number of consecutive images in a block, which is one minibatch of inference. */
  private static final int BLOCK_SIZE = 100;

  /** Returns whether all metrics that match a filter have been computed. */
  boolean hasMetrics(Predicate<Metric> filter) {
    return metrics.keySet().containsAll(Metric.names(size.importanceSamples(), filter));
  }

  /** Stores a metric of the run. */
  void put(Metric metric, double value) {
    put(metric, "", value);
  }

  /** Stores a metric under one of the prefixes of its source. */
  void put(Metric metric, String prefix, double value) {
    metrics.put(metric.name(prefix, size.importanceSamples()), value);
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

  /**
   * Returns the evaluated images of a split, in blocks of 100 at regular intervals. The first
   * images alone would bias the metrics, because the first half of MNIST's test images is easier
   * than the second.
   */
  Dataset<Row> evaluatedImages(Split split) {
    return spread(images.split(split), split, size.images());
  }

  /** Returns the number of images in {@link #evaluatedImages}. */
  int evaluatedImageCount(Split split) {
    return spreadCount(split, size.images());
  }

  /**
   * Returns half as many images for the importance-weighted bound, which decodes each image several
   * times.
   */
  Dataset<Row> importanceSampledImages(Split split) {
    return spread(images.split(split), split, size.images() / 2);
  }

  /** Returns the number of images in {@link #importanceSampledImages}. */
  int importanceSampledImageCount(Split split) {
    return spreadCount(split, size.images() / 2);
  }

  private Dataset<Row> spread(Dataset<Row> all, Split split, int maximum) {
    return all.where(
        expr("image_id div %d %% %d = 0".formatted(BLOCK_SIZE, stride(split, maximum))));
  }

  private int spreadCount(Split split, int maximum) {
    int count = 0;
    for (int from = 0; from < images.count(split); from += BLOCK_SIZE * stride(split, maximum)) {
      count += Math.min(BLOCK_SIZE, images.count(split) - from);
    }
    return count;
  }

  private int stride(Split split, int maximum) {
    return (images.count(split) + maximum - 1) / maximum;
  }

  /** Returns the reconstructions of a split. */
  Dataset<Row> reconstructions(Split split) {
    return ReconstructionRows.read(run, spark, split);
  }

  /** Returns the reconstructions of the evaluated images of a split. */
  Dataset<Row> evaluatedReconstructions(Split split) {
    return spread(reconstructions(split), split, size.images());
  }
}
