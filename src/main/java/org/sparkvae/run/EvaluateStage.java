package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.evaluation.ImportanceWeighting;
import org.sparkvae.evaluation.PosteriorMeans;
import org.sparkvae.evaluation.ReconstructionScores;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.ImageDecoder.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.reconstruction.Reconstructor;

/** Measures a run's model; what has been measured is not measured again. */
final class EvaluateStage {
  /** Of so many images of a split, at most, is measured what takes long. */
  private static final int MOST_IMAGES = 10_000;

  private final Run run;
  private final Images images;
  private final Map<String, Double> metrics;

  private EvaluateStage(Run run, Images images) {
    this.run = run;
    this.images = images;
    this.metrics = EvaluationFile.read(run);
  }

  /**
   * Measures the model and writes {@code evaluation.json}.
   *
   * @param draws of z for each image's importance-weighted bound
   */
  static void evaluate(Run run, SparkSession spark, Images images, int draws) throws IOException {
    new EvaluateStage(run, images).evaluate(spark, draws);
  }

  private void evaluate(SparkSession spark, int draws) throws IOException {
    if (metrics.keySet().containsAll(EvaluationFile.names(draws))) {
      run.reporter().say("evaluated already: " + run.directory().path(Run.EVALUATION));
      return;
    }
    Broadcast<byte[]> model =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(ModelFile.forInference(run.model()));
    metrics.put(EvaluationFile.BETA, run.architecture().beta());
    scores(spark);
    long seed = run.settings().seed();
    ofFirstImages(
        "importance-weighted bound",
        EvaluationFile.bound(draws),
        first -> ImportanceWeighting.meanBound(first, model, draws, seed));
    ofFirstImages(
        "active units",
        EvaluationFile.ACTIVE_UNITS,
        first -> PosteriorMeans.activeUnits(first, model));
    model.destroy();
    EvaluationFile.write(run, metrics);
    run.reporter().say("evaluation: " + run.directory().path(Run.EVALUATION));
  }

  private void scores(SparkSession spark) {
    if (isThere(ReconstructionScores.NAMES.get(0))) {
      return;
    }
    ImageProgress.show(
        run.reporter(),
        "evaluating reconstructions",
        images.trainCount() + images.testCount(),
        () -> {
          for (Split split : Split.values()) {
            String path = ReconstructStage.directory(Latent.SAMPLE) + "/split=" + split;
            Dataset<Row> reconstructions =
                spark.read().schema(Reconstructor.SCHEMA).parquet(run.directory().path(path));
            ReconstructionScores.of(reconstructions, run.architecture())
                .forEach((name, value) -> metrics.put(EvaluationFile.of(split, name), value));
          }
        });
  }

  private void ofFirstImages(String what, String name, ToDoubleFunction<Dataset<Row>> metric) {
    if (isThere(name)) {
      return;
    }
    ImageProgress.show(
        run.reporter(),
        what,
        Math.min(MOST_IMAGES, images.trainCount()) + Math.min(MOST_IMAGES, images.testCount()),
        () -> {
          for (Split split : Split.values()) {
            Dataset<Row> all = split == Split.TRAIN ? images.train() : images.test();
            metrics.put(
                EvaluationFile.of(split, name),
                metric.applyAsDouble(all.where(col("image_id").lt(MOST_IMAGES))));
          }
        });
  }

  private boolean isThere(String name) {
    return metrics.containsKey(EvaluationFile.of(Split.TEST, name));
  }
}
