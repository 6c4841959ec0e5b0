package org.sparkvae.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ThresholdException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.mnist.IdxSet;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.report.FigureFiles;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.ExecutorLossMonitor;
import org.sparkvae.spark.ExecutorStartupStatus;
import org.sparkvae.spark.SparkErrors;
import org.sparkvae.spark.SparkSessions;
import org.sparkvae.storage.Storage;

/** The stages of a run in order; each brings about what it needs and is not there yet. */
public final class RunPipeline {
  /** Draws of z for the importance-weighted bound where nobody says how many. */
  public static final int DRAWS = 5;

  private final Run run;
  private final Optional<Path> data;
  private final String command;

  /**
   * Makes the stages of a run.
   *
   * @param data folder with IDX files, or empty for MNIST
   * @param command the command line, for the provenance
   */
  public RunPipeline(Run run, Optional<Path> data, String command) {
    this.run = run;
    this.data = data;
    this.command = command;
  }

  /** One verb's share of the work. */
  private interface Work {
    void with(SparkSession spark, RunImages images) throws IOException;
  }

  /** What is done while this process holds the run and Spark is there. */
  private interface Job {
    void on(SparkSession spark) throws IOException;
  }

  /** What has to hold before anything is written for the run. */
  private interface Check {
    void on(Run run, SparkSession spark);
  }

  private static final Check NOTHING = (run, spark) -> {};

  /** Everything, from the data to the page, and {@code _SUCCESS} last. */
  public void all() {
    if (run.isComplete()) {
      RunLock.clearOfDead(run);
      run.reporter()
          .say(
              "run '%s' is complete%s: %s"
                  .formatted(
                      run.id(),
                      run.settings().limit() > 0
                          ? " (the first %,d images of each split)"
                              .formatted(run.settings().limit())
                          : "",
                      run.directory()));
      return;
    }
    FigureFiles.checkFonts();
    prepared(
        TrainStage::check,
        (spark, images) -> {
          // It may be there, of a run that has lost something since.
          run.directory().delete(Run.SUCCESS);
          TrainStage.train(run, images);
          ReconstructStage.reconstruct(run, images, Latent.SAMPLE);
          LatentDistributions sources = new LatentDistributions(run, spark, images);
          new FigureStage(run, spark, images, sources).draw();
          EvaluateStage.evaluate(run, spark, images, sources, DRAWS);
          // Whatever is there may be from before one of the others.
          ReportStage.report(run, spark);
          run.directory().writeText(Run.SUCCESS, "");
          run.reporter().say("done: " + run.directory());
        });
  }

  /** Trains. */
  public void train() {
    prepared(TrainStage::check, (spark, images) -> TrainStage.train(run, images));
  }

  /** Decodes every image. */
  public void reconstruct(Latent latent) {
    run.require(Run.MODEL, "train");
    prepared(NOTHING, (spark, images) -> ReconstructStage.reconstruct(run, images, latent));
  }

  /**
   * Measures the model, and compares it with what was asked for.
   *
   * @param draws of z for each image's importance-weighted bound
   * @throws ThresholdException if a metric is beyond its threshold
   */
  public void evaluate(int draws, MetricThresholds thresholds) {
    ReconstructStage.require(run);
    Set<String> names = EvaluationFile.names(draws);
    thresholds.checkNames(names);
    // Without Spark where nothing is to be measured.
    if (!EvaluationFile.readUsable(run, reason -> {}).keySet().containsAll(names)) {
      prepared(
          NOTHING,
          (spark, images) -> {
            EvaluateStage.evaluate(
                run, spark, images, new LatentDistributions(run, spark, images), draws);
            redrawPage(spark);
          });
    }
    Map<String, Double> metrics = EvaluationFile.read(run);
    EvaluationTable.lines(metrics).forEach(run.reporter()::say);
    thresholds.check(metrics, run.directory().path(Run.EVALUATION));
  }

  /** Draws all figures. */
  public void sample() {
    figures(FigureStage::draw);
  }

  /** Draws the grid of images from the prior alone. */
  public void samplePrior() {
    figures(FigureStage::drawFromPrior);
  }

  /** Draws the grid of images from the mixture fitted to the posteriors alone. */
  public void samplePosteriorMixture() {
    figures(FigureStage::drawFromPosteriorMixture);
  }

  private void figures(Consumer<FigureStage> drawing) {
    ReconstructStage.require(run);
    prepared(
        NOTHING,
        (spark, images) -> {
          drawing.accept(
              new FigureStage(run, spark, images, new LatentDistributions(run, spark, images)));
          redrawPage(spark);
        });
  }

  /** The page shows what is there; whatever was made again belongs on it. */
  private void redrawPage(SparkSession spark) {
    if (run.directory().has(Run.REPORT)
        && run.directory().has(Run.HISTORY)
        && !EvaluationFile.readUsable(run, reason -> {}).isEmpty()) {
      ReportStage.report(run, spark);
    }
  }

  /**
   * Writes the run's page, or that of it and another side by side. Unlike other stages it needs no
   * images besides those that the run has written.
   *
   * @param other the run to compare with
   */
  public void report(Optional<Run> other) {
    ReportStage.require(run);
    other.ifPresent(ReportStage::require);
    onSpark(
        spark -> {
          run.directory().clearLeftovers();
          if (other.isPresent()) {
            ReportStage.compare(run, other.get(), spark);
          } else {
            ReportStage.report(run, spark);
          }
        });
  }

  /** Writes the model for other tools; needs neither images nor Spark. */
  public void export() {
    run.require(Run.MODEL, "train");
    RunLock lock = RunLock.take(run, () -> {});
    try {
      ExportStage.export(run);
    } finally {
      lock.release();
    }
  }

  /**
   * Points {@code current} at the run.
   *
   * @param place directory of {@code current}, on any Hadoop file system
   * @param keep how many finished runs stay; empty for all
   */
  public void publish(String place, OptionalInt keep) {
    Storage published = Storage.at(place, new Configuration());
    // Before the lock, which would leave an empty directory.
    PublishStage.require(run);
    RunLock lock = RunLock.take(run, () -> {});
    try {
      PublishStage.publish(run, published);
      keep.ifPresent(count -> PublishStage.clear(run, count));
    } finally {
      lock.release();
    }
  }

  private void prepared(Check check, Work work) {
    IdxSet set = DataStage.locate(data, run.reporter());
    onSpark(
        spark -> {
          run.reporter().say("run '%s' in %s".formatted(run.id(), run.directory()));
          check.on(run, spark);
          Provenance.check(run, set);
          run.begin();
          run.directory().clearLeftovers();
          run.directory().in(Run.CHECKPOINTS).clearLeftovers();
          String table =
              DataStage.write(
                  set, run.output().toString(), run.directory().toString(), run.reporter());
          if (run.settings().limit() > 0) {
            run.reporter().say("using the first %,d of each".formatted(run.settings().limit()));
          }
          Provenance.write(run, spark, set, table, command);
          work.with(spark, DataStage.read(spark, table, set, run.settings().limit()));
        });
  }

  private void onSpark(Job job) {
    // Whatever is being done when the lock is lost fails before it has written anything more.
    RunLock lock = RunLock.take(run, SparkSessions::stop);
    try (SparkSession spark = SparkSessions.start("spark-vae " + run.id())) {
      watched(job, spark, lock);
    } catch (FSError e) {
      throw explained(new IOException(e.getCause().getMessage(), e), lock);
    } catch (Exception e) {
      throw explained(e, lock);
    } finally {
      lock.release();
    }
  }

  private static void watched(Job job, SparkSession spark, RunLock lock) throws IOException {
    ExecutorLossMonitor watch = ExecutorLossMonitor.on(spark.sparkContext());
    try {
      if (lock.isLost()) {
        throw new IllegalStateException("the lock was lost while Spark started");
      }
      ExecutorGroup.awaitAny(spark.sparkContext());
      job.on(spark);
    } catch (Exception e) {
      Optional<String> unfit = ExecutorStartupStatus.fault();
      if (unfit.isPresent()) {
        throw new ConfigurationException(unfit.get(), e);
      }
      if (watch.hasLostAll()) {
        throw new TransientException(
            "%s: every executor was lost; run the same command again to go on"
                .formatted(spark.sparkContext().master()),
            e);
      }
      throw e;
    } finally {
      watch.close();
    }
  }

  private RuntimeException explained(Exception thrown, RunLock lock) {
    if (lock.isLost()) {
      return new TransientException(
          "run '%s': this process stood still for so long that another took the run over; leave it to that one"
              .formatted(run.id()),
          thrown);
    }
    if (thrown instanceof IOException) {
      return new TransientException(
          "%s: %s".formatted(run.directory(), thrown.getMessage()), thrown);
    }
    // Scala throws Spark's checked exceptions without declaring them.
    return SparkErrors.explained(thrown);
  }
}
