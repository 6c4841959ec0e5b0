package org.sparkvae.run;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.commons.io.function.IOBiConsumer;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.evaluation.Metric;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ThresholdException;
import org.sparkvae.mnist.IdxSet;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.report.Fonts;
import org.sparkvae.storage.Storage;

/**
 * The commands that work on a run: all stages in order, or a single one. Each command holds the
 * run's lock and skips a stage whose output is complete.
 */
public final class RunPipeline {
  private final Run run;
  private final RunSession session;
  private final Optional<String> data;
  private final String command;

  /**
   * Creates the pipeline of a run.
   *
   * @param data directory with IDX files, or empty for MNIST
   * @param command the command line, recorded in {@code provenance.json}
   */
  public RunPipeline(Run run, Optional<String> data, String command) {
    this.run = run;
    this.session = new RunSession(run);
    this.data = data;
    this.command = command;
  }

  /** Runs all stages, from the data to the report, and writes {@code _SUCCESS} last. */
  public void runAll() {
    if (run.isComplete()) {
      RunLock.deleteStale(run);
      run.reporter()
          .info(
              "Run '%s' is complete%s: %s"
                  .formatted(
                      run.id(),
                      run.settings().limit() > 0
                          ? " (at most the first %,d images of each split)"
                              .formatted(run.settings().limit())
                          : "",
                      run.directory()));
      return;
    }
    Fonts.check();
    withLockSparkAndImages(
        TrainStage::check,
        (spark, images) -> {
          // The run can have been complete before and lost an output since.
          run.directory().delete(Run.SUCCESS);
          TrainStage.train(run, images);
          ReconstructStage.reconstruct(run, images, Latent.SAMPLE);
          LatentDistributions distributions = new LatentDistributions(run, spark, images);
          new FigureStage(run, spark, images, distributions).renderAll();
          EvaluateStage.evaluate(run, spark, images, distributions, EvaluationSize.DEFAULT);
          // An existing report can be older than the other outputs.
          ReportStage.report(run, spark);
          run.directory().writeText(Run.SUCCESS, "");
          run.reporter().info("done: " + run.directory());
        });
  }

  /** Trains the model. */
  public void train() {
    withLockSparkAndImages(TrainStage::check, (spark, images) -> TrainStage.train(run, images));
  }

  /** Reconstructs every image of both splits. */
  public void reconstruct(Latent latent) {
    requireInputs(() -> run.requireOutput(Run.MODEL, "train"));
    withLockSparkAndImages((spark, images) -> ReconstructStage.reconstruct(run, images, latent));
  }

  /**
   * Computes the metrics, prints them and compares them with the thresholds. Updates an existing
   * report.
   *
   * @throws ThresholdException if a metric is above or below its threshold
   */
  public void evaluate(EvaluationSize size, MetricThresholds thresholds) {
    requireInputs(() -> ReconstructStage.requireReconstructions(run));
    Set<String> names = Metric.names(size.importanceSamples(), metric -> true);
    thresholds.checkNames(names);
    // Spark is not started if all metrics exist and the report, if any, shows them.
    if (run.isReportOutdated()
        || !EvaluationFile.readValid(run, size.images(), reason -> {})
            .keySet()
            .containsAll(names)) {
      withLockSparkAndImages(
          (spark, images) -> {
            EvaluateStage.evaluate(
                run, spark, images, new LatentDistributions(run, spark, images), size);
            updateReport(spark);
          });
    }
    Map<String, Double> metrics = EvaluationFile.read(run);
    EvaluationTable.lines(metrics).forEach(run.reporter()::info);
    thresholds.check(metrics, run.directory().path(Run.EVALUATION));
  }

  /** Renders all figures. */
  public void renderFigures() {
    render(FigureStage::renderAll);
  }

  /** Generates images from the prior and renders them as a grid. */
  public void sampleFromPrior() {
    render(FigureStage::renderPriorSamples);
  }

  /** Generates images from the mixture fitted to the posteriors and renders them as a grid. */
  public void sampleFromPosteriorMixture() {
    render(FigureStage::renderMixtureSamples);
  }

  private void render(Consumer<FigureStage> renderer) {
    requireInputs(() -> ReconstructStage.requireReconstructions(run));
    withLockSparkAndImages(
        (spark, images) -> {
          renderer.accept(
              new FigureStage(run, spark, images, new LatentDistributions(run, spark, images)));
          updateReport(spark);
        });
  }

  /** Writes the report again if it exists, because it shows the outputs that have changed. */
  private void updateReport(SparkSession spark) {
    if (run.directory().exists(Run.REPORT)
        && run.directory().exists(Run.HISTORY)
        && !EvaluationFile.readValid(run, 0, reason -> {}).isEmpty()) {
      ReportStage.report(run, spark);
    }
  }

  /**
   * Writes the run's report, or a report that compares it with another run. The images come from
   * the reconstructions, so the data set is not needed.
   *
   * @param other the run to compare with, if any
   */
  public void report(Optional<Run> other) {
    requireInputs(() -> ReportStage.requireInputs(run));
    other.ifPresent(ReportStage::requireInputs);
    session.run(
        spark -> {
          run.directory().deleteTemporaryFiles();
          if (other.isPresent()) {
            ReportStage.compare(run, other.get(), spark);
          } else {
            ReportStage.report(run, spark);
          }
        });
  }

  /** Writes the model's weights for other tools. It needs neither images nor Spark. */
  public void export() {
    requireInputs(() -> run.requireOutput(Run.MODEL, "train"));
    RunLock lock = RunLock.acquire(run, () -> {});
    try {
      ExportStage.export(run);
    } finally {
      lock.release();
    }
  }

  /**
   * Points the {@code current} link to the run.
   *
   * @param directory the directory of the link, on any Hadoop file system
   * @param keep number of newest complete runs to keep, or empty to keep all
   */
  public void publish(String directory, OptionalInt keep) {
    Storage linkDirectory = Storage.at(directory);
    // The lock would create the directory of a run that does not exist, so check the run first.
    requireInputs(() -> PublishStage.requireComplete(run));
    RunLock lock = RunLock.acquire(run, () -> {});
    try {
      PublishStage.publish(run, linkDirectory);
      keep.ifPresent(count -> PublishStage.deleteOldRuns(run, count));
    } finally {
      lock.release();
    }
  }

  /**
   * Checks that the run has the inputs of a command.
   *
   * @param check throws a {@link ConfigurationException} if an input is missing
   * @throws ConfigurationException if an input is missing; the message names the process that is
   *     working on the run, if there is one
   */
  private void requireInputs(Runnable check) {
    try {
      check.run();
    } catch (ConfigurationException missing) {
      RunLock.requireUnlocked(run);
      throw missing;
    }
  }

  /**
   * Runs a task with the run's lock, a Spark session and the run's images. It checks the data set
   * and writes the settings and the provenance first.
   *
   * @param precondition a check before the first file of the run is written
   */
  private void withLockSparkAndImages(
      BiConsumer<Run, SparkSession> precondition, IOBiConsumer<SparkSession, RunImages> task) {
    IdxSet set = DataStage.locate(data, run.reporter());
    session.run(
        spark -> {
          run.reporter().info("Run '%s': %s".formatted(run.id(), run.directory()));
          precondition.accept(run, spark);
          Provenance.requireSameData(run, set);
          run.writeSettings();
          run.directory().deleteTemporaryFiles();
          run.directory().child(Run.CHECKPOINTS).deleteTemporaryFiles();
          String table =
              DataStage.write(
                  set, run.output().toString(), run.directory().toString(), run.reporter());
          if (run.settings().limit() > 0) {
            run.reporter()
                .info(
                    "Using at most the first %,d images of each split."
                        .formatted(run.settings().limit()));
          }
          Provenance.write(run, spark, set, table, command);
          task.accept(spark, DataStage.read(spark, table, set, run.settings().limit()));
        });
  }

  private void withLockSparkAndImages(IOBiConsumer<SparkSession, RunImages> task) {
    withLockSparkAndImages((unused, spark) -> {}, task);
  }
}
