package org.sparkvae.run;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.evaluation.ImportanceWeighting;
import org.sparkvae.evaluation.LatentProbes;
import org.sparkvae.evaluation.PosteriorMeanMetrics;
import org.sparkvae.evaluation.ReconstructionMetrics;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.ModelFile;
import org.sparkvae.spark.ImageIds;

/** Measures a run's model; what has been measured is not measured again. */
final class EvaluateStage {
  private final EvaluationContext under;

  private EvaluateStage(EvaluationContext under) {
    this.under = under;
  }

  /**
   * Measures the model and writes {@code evaluation.json}.
   *
   * @param draws of z for each image's importance-weighted bound
   */
  static void evaluate(
      Run run, SparkSession spark, RunImages images, LatentDistributions sources, int draws) {
    Set<String> names = EvaluationFile.names(draws, images);
    Map<String, Double> metrics = EvaluationFile.readUsable(run, run.reporter()::warn);
    if (metrics.keySet().containsAll(names)) {
      run.reporter().say("evaluated already: " + run.directory().path(Run.EVALUATION));
      return;
    }
    Broadcast<byte[]> model =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(ModelFile.forInference(run.model()));
    EvaluateStage stage =
        new EvaluateStage(new EvaluationContext(run, spark, images, model, metrics));
    String classifier;
    try {
      classifier = stage.evaluate(sources, draws);
    } finally {
      model.destroy();
    }
    EvaluationFile.write(run, names, metrics);
    // If killed before this the numbers count for nothing, and are measured again.
    EvaluationProvenance.of(run, classifier).write(run);
    run.reporter().say("evaluation: " + run.directory().path(Run.EVALUATION));
  }

  /** Measures what is missing, and returns the checksum of the classifier that was asked. */
  private String evaluate(LatentDistributions sources, int draws) {
    under.metrics().put(EvaluationFile.BETA, under.run().architecture().beta());
    scores();
    long seed = under.run().settings().seed();
    ofEachSplit(
        "importance-weighted bound",
        EvaluationFile.bound(draws),
        under.spreadImagesCount(Split.TRAIN) + under.spreadImagesCount(Split.TEST),
        split ->
            ImportanceWeighting.meanBound(
                under.spreadImages(split), under.model(), under.run().architecture(), draws, seed));
    ofEachSplit(
        "active units",
        EvaluationFile.ACTIVE_UNITS,
        under.firstImagesCount(Split.TRAIN) + under.firstImagesCount(Split.TEST),
        split -> PosteriorMeanMetrics.activeUnits(under.firstImages(split), under.model()));
    if (!under.images().areEnough()) {
      under
          .run()
          .reporter()
          .warn(
              "fewer than %d images in a split: nothing is measured that compares distributions of images"
                  .formatted(RunImages.ENOUGH));
      return "";
    }
    probes();
    return new ClassifierMetrics(under).measure(sources);
  }

  private void scores() {
    if (under.has(EvaluationFile.ofSplits(ReconstructionMetrics.NAMES))) {
      return;
    }
    under.show(
        "evaluating reconstructions",
        under.images().trainCount() + under.images().testCount(),
        () -> {
          for (Split split : Split.values()) {
            ImageIds ids = ImageIds.of(under.reconstructions(split));
            if (!ids.areEachThereOnce() || ids.count() != under.images().count(split)) {
              throw ReconstructionRows.incomplete(under.run(), split);
            }
            ReconstructionMetrics.of(under.reconstructions(split), under.run().architecture())
                .forEach(
                    (name, value) -> under.metrics().put(EvaluationFile.of(split, name), value));
          }
        });
  }

  private void ofEachSplit(String what, String name, int images, ToDoubleFunction<Split> metric) {
    if (under.has(EvaluationFile.ofSplits(List.of(name)))) {
      return;
    }
    under.show(
        what,
        images,
        () -> {
          for (Split split : Split.values()) {
            under.metrics().put(EvaluationFile.of(split, name), metric.applyAsDouble(split));
          }
        });
  }

  private void probes() {
    if (under.has(List.of(EvaluationFile.LINEAR_PROBE_ACCURACY, EvaluationFile.KNN_ACCURACY))) {
      return;
    }
    // Each image is encoded, and each test image compared with all of the others.
    int count = under.firstImagesCount(Split.TRAIN) + 2 * under.firstImagesCount(Split.TEST);
    under.show(
        "probing the latents",
        count,
        () -> {
          try (LatentProbes probes =
              new LatentProbes(
                  under.firstImages(Split.TRAIN), under.firstImages(Split.TEST), under.model())) {
            under.metrics().put(EvaluationFile.LINEAR_PROBE_ACCURACY, probes.linearAccuracy());
            under.metrics().put(EvaluationFile.KNN_ACCURACY, probes.nearestNeighboursAccuracy());
          }
        });
  }
}
