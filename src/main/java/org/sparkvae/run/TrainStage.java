package org.sparkvae.run;

import static org.apache.spark.sql.functions.avg;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.config.Settings;
import org.sparkvae.doctor.PreflightChecks;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.training.Checkpoint;
import org.sparkvae.training.CheckpointStore;
import org.sparkvae.training.MinibatchLoss;
import org.sparkvae.training.Trainer;
import org.sparkvae.training.TrainingLoop;
import org.sparkvae.training.spark.MetricsProgress;
import org.sparkvae.training.spark.TrainerFactory;

/** The stage that trains the model. It resumes from the run's last checkpoint. */
final class TrainStage {
  private TrainStage() {}

  /** Trains the model unless {@code model.zip} exists. */
  static void train(Run run, RunImages images) {
    CheckpointStore checkpoints = new CheckpointStore(run.directory(), run.reporter()::warn);
    if (run.directory().exists(Run.MODEL)) {
      if (!run.directory().exists(Run.HISTORY)) {
        Optional<Checkpoint> last = checkpoints.restoreLatest();
        if (last.isEmpty() || last.get().epoch() != run.settings().epochs()) {
          throw run.unrecoverable(Run.HISTORY);
        }
      }
      run.reporter().info("already trained: " + run.directory().path(Run.MODEL));
      return;
    }
    Checkpoint start = checkpoints.restoreLatest().orElseGet(() -> initialCheckpoint(run));
    ComputationGraph latest = run.convertModel(start.model(), CheckpointStore.modelFile(start));
    Settings settings = run.settings();
    if (start.epoch() > 0) {
      run.reporter()
          .info("Resuming after epoch %d of %d.".formatted(start.epoch(), settings.epochs()));
    }
    if (start.epoch() == settings.epochs()) {
      // The process was killed after the last checkpoint and before it wrote model.zip.
      run.directory().write(Run.MODEL, stream -> ModelFile.write(latest, stream));
      return;
    }
    // Outputs of an earlier model become outdated.
    run.directory().delete(Run.SUCCESS);
    try (Trainer trainer =
        TrainerFactory.create(settings, latest, images.train(), images.trainCount())) {
      int workers = trainer.workers();
      Provenance.setBackends(run, trainer.backends());
      run.reporter()
          .info(
              "Training with --trainer %s on %s."
                  .formatted(
                      settings.trainer(), workers == 1 ? "one worker" : workers + " workers"));
      new TrainingLoop(
              trainer,
              checkpoints::save,
              model -> testLoss(run, model, images),
              new MetricsProgress(run.reporter()))
          .run(start.history(), settings.epochs(), images.trainCount(), settings.seed());
      run.directory().write(Run.MODEL, stream -> ModelFile.write(trainer.model(), stream));
      run.reporter().info("model: " + run.directory().path(Run.MODEL));
    }
  }

  private static Checkpoint initialCheckpoint(Run run) {
    return new Checkpoint(0, VaeGraph.untrained(run.modelConfig()), List.of());
  }

  /**
   * Checks that training can start, before any file is written. It runs the fast checks of {@code
   * doctor} and checks the number of workers.
   *
   * @throws ConfigurationException if a setting prevents training
   */
  static void check(Run run, SparkSession spark) {
    if (run.directory().exists(Run.MODEL)) {
      return;
    }
    Settings settings = run.settings();
    if (NativeBackend.supported(settings.precision()) != settings.precision()) {
      run.reporter()
          .warn(
              "--precision %s: this process computes in float32, because %s. Use a processor with AVX512-BF16 or AMX, or --precision float32."
                  .formatted(
                      settings.precision(),
                      NativeBackend.oneDnnInstructionSet()
                          .map("its oneDNN is limited to %s"::formatted)
                          .orElse("this is a GPU build")));
    }
    int executors = TrainerFactory.checkWorkers(settings, spark);
    PreflightChecks.check(settings.trainer(), spark, executors, run.reporter()::warn);
  }

  private static MinibatchLoss testLoss(Run run, ComputationGraph model, RunImages images) {
    Dataset<Row> means =
        DataFrameReconstructor.reconstruct(
                images.test(), ModelFile.forInference(model), Latent.SAMPLE, run.settings().seed())
            .agg(avg("bce"), avg("kl"));
    AtomicReference<Row> result = new AtomicReference<>();
    ImageProgress.run(
        run.reporter(), "test loss", images.testCount(), () -> result.set(means.head()));
    return new MinibatchLoss(
        result.get().getDouble(0),
        run.modelConfig().regularizationTerm(result.get().getDouble(1)),
        images.testCount());
  }
}
