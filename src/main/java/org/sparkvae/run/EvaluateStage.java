package org.sparkvae.run;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.evaluation.ImportanceWeightedMetrics;
import org.sparkvae.evaluation.LatentProbes;
import org.sparkvae.evaluation.Metric;
import org.sparkvae.evaluation.MetricSource;
import org.sparkvae.evaluation.PosteriorMeanMetrics;
import org.sparkvae.evaluation.SplitMetrics;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.ModelFile;
import org.sparkvae.spark.SparkSessions;

/** The stage that computes a run's metrics. Valid metrics of an earlier evaluation are kept. */
record EvaluateStage(EvaluationContext context) {
  /**
   * Computes missing metrics and writes {@code evaluation.json}.
   *
   * @param size the minimum size; if valid metrics of more images exist, that number is kept
   */
  static void evaluate(
      Run run,
      SparkSession spark,
      RunImages images,
      LatentDistributions distributions,
      EvaluationSize size) {
    Set<String> names =
        Metric.names(
            size.importanceSamples(),
            metric -> images.areEnoughForDistributions() || !metric.source().needsManyImages());
    Map<String, Double> metrics =
        EvaluationFile.readValid(run, size.images(), run.reporter()::warn);
    if (metrics.keySet().containsAll(names)) {
      run.reporter().info("already evaluated: " + run.directory().path(Run.EVALUATION));
      return;
    }
    EvaluationSize actualSize =
        new EvaluationSize(
            Math.max(size.images(), EvaluationFile.images(metrics)), size.importanceSamples());
    Broadcast<byte[]> modelArchive =
        SparkSessions.broadcast(spark, ModelFile.forInference(run.model()));
    EvaluateStage stage =
        new EvaluateStage(
            new EvaluationContext(run, spark, images, modelArchive, actualSize, metrics));
    String classifierChecksum;
    try {
      classifierChecksum = stage.evaluate(distributions);
    } finally {
      modelArchive.destroy();
    }
    EvaluationProvenance provenance = EvaluationProvenance.current(run, classifierChecksum);
    run.markReportOutdated();
    EvaluationFile.write(run, names, metrics, provenance);
    // If the process is killed before this line, the metrics are invalid and are computed again.
    provenance.write(run);
    run.reporter().info("evaluation: " + run.directory().path(Run.EVALUATION));
  }

  /** Computes missing metrics and returns the checksum of the classifier, or an empty string. */
  private String evaluate(LatentDistributions distributions) {
    context.put(Metric.BETA, context.run().modelConfig().beta());
    context.put(Metric.IMAGES_PER_SPLIT, context.size().images());
    addReconstructionMetrics();
    long seed = context.run().settings().seed();
    addForEachSplit(
        "importance-weighted bound",
        Metric.IMPORTANCE_WEIGHTED_BOUND,
        context.importanceSampledImageCount(Split.TRAIN)
            + context.importanceSampledImageCount(Split.TEST),
        split ->
            ImportanceWeightedMetrics.meanBound(
                context.importanceSampledImages(split),
                context.modelArchive(),
                context.run().modelConfig(),
                context.size().importanceSamples(),
                seed));
    addForEachSplit(
        "active units",
        Metric.ACTIVE_UNITS,
        context.evaluatedImageCount(Split.TRAIN) + context.evaluatedImageCount(Split.TEST),
        split ->
            PosteriorMeanMetrics.activeUnits(
                context.evaluatedImages(split), context.modelArchive()));
    if (!context.images().areEnoughForDistributions()) {
      context
          .run()
          .reporter()
          .warn(
              "Run '%s': a split has fewer than %d images. The metrics of the classifier, of the latent probes and of generated images are skipped. For these metrics, start a run with more images."
                  .formatted(context.run().id(), RunImages.MIN_FOR_DISTRIBUTIONS));
      return "";
    }
    addLatentProbes();
    return new ClassifierMetrics(context).compute(distributions);
  }

  private void addReconstructionMetrics() {
    context.computeMissing(
        metric -> metric.source() == MetricSource.RECONSTRUCTIONS,
        "evaluating reconstructions",
        context.images().trainCount() + context.images().testCount(),
        () -> {
          for (Split split : Split.values()) {
            ReconstructionRows.check(
                context.run(),
                context.spark(),
                split,
                Optional.of((long) context.images().count(split)));
            SplitMetrics.of(context.reconstructions(split), context.run().modelConfig())
                .forEach((metric, value) -> context.put(metric, split.toString(), value));
          }
        });
  }

  private void addForEachSplit(
      String task, Metric metric, int imageCount, ToDoubleFunction<Split> value) {
    context.computeMissing(
        metric::equals,
        task,
        imageCount,
        () -> {
          for (Split split : Split.values()) {
            context.put(metric, split.toString(), value.applyAsDouble(split));
          }
        });
  }

  private void addLatentProbes() {
    // Each image is encoded, and each test image is then compared with all training images.
    int progressTotal =
        context.evaluatedImageCount(Split.TRAIN) + 2 * context.evaluatedImageCount(Split.TEST);
    context.computeMissing(
        metric -> metric.source() == MetricSource.LATENT_PROBES,
        "probing the latent variables",
        progressTotal,
        () -> {
          try (LatentProbes probes =
              new LatentProbes(
                  context.evaluatedImages(Split.TRAIN),
                  context.evaluatedImages(Split.TEST),
                  context.modelArchive())) {
            context.put(Metric.LINEAR_PROBE_ACCURACY, probes.linearAccuracy());
            context.put(Metric.KNN_ACCURACY, probes.nearestNeighborsAccuracy());
          }
        });
  }
}
