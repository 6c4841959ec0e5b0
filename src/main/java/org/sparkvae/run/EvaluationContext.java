package org.sparkvae.run;

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

  /** Returns the evaluated images of a split. */
  Dataset<Row> evaluatedImages(Split split) {
    return images.split(split).where(sample(split).condition());
  }

  /** Returns the number of images in {@link #evaluatedImages}. */
  int evaluatedImageCount(Split split) {
    return sample(split).count();
  }

  private BlockSample sample(Split split) {
    return new BlockSample(images.count(split), size.images());
  }

  /** Returns fewer images, for the importance-weighted bound. */
  Dataset<Row> importanceSampledImages(Split split) {
    return images.split(split).where(importanceSample(split).condition());
  }

  /** Returns the number of images in {@link #importanceSampledImages}. */
  int importanceSampledImageCount(Split split) {
    return importanceSample(split).count();
  }

  /** The bound decodes each image several times. */
  private BlockSample importanceSample(Split split) {
    return new BlockSample(images.count(split), size.images() / 2);
  }

  /** Returns the reconstructions of a split. */
  Dataset<Row> reconstructions(Split split) {
    return ReconstructionRows.read(run, spark, split);
  }

  /** Returns the reconstructions of the evaluated images of a split. */
  Dataset<Row> evaluatedReconstructions(Split split) {
    return reconstructions(split).where(sample(split).condition());
  }
}
