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
import org.sparkvae.model.VaeGraph;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.training.Checkpoint;
import org.sparkvae.training.CheckpointStore;
import org.sparkvae.training.MinibatchLoss;
import org.sparkvae.training.Trainer;
import org.sparkvae.training.TrainingLoop;
import org.sparkvae.training.spark.MetricsProgress;
import org.sparkvae.training.spark.TrainerFactory;

/** Trains the model of a run, from its last checkpoint where it has one. */
final class TrainStage {
  private TrainStage() {}

  static void train(Run run, RunImages images) {
    CheckpointStore kept = new CheckpointStore(run.directory(), run.reporter()::warn);
    if (run.directory().has(Run.MODEL)) {
      if (!run.directory().has(Run.HISTORY)) {
        Optional<Checkpoint> last = kept.latest();
        if (last.isEmpty() || last.get().epoch() != run.settings().epochs()) {
          throw run.lost(Run.HISTORY);
        }
      }
      run.reporter().say("trained already: " + run.directory().path(Run.MODEL));
      return;
    }
    Checkpoint start = kept.latest().orElseGet(() -> beginning(run));
    ComputationGraph latest = run.ofItsSettings(start.model(), Run.CHECKPOINTS);
    if (start.epoch() > 0) {
      run.reporter().say("going on from epoch " + start.epoch());
    }
    Settings settings = run.settings();
    if (start.epoch() == settings.epochs()) {
      // Killed between its last checkpoint and this.
      run.directory().write(Run.MODEL, stream -> ModelFile.write(latest, stream));
      return;
    }
    // What was made of another model is not this one's.
    run.directory().delete(Run.SUCCESS);
    try (Trainer trainer =
        TrainerFactory.of(settings, latest, images.train(), images.trainCount())) {
      new TrainingLoop(
              trainer,
              kept::keep,
              model -> testLoss(run, model, images),
              new MetricsProgress(run.reporter()))
          .run(
              start.history(),
              settings.epochs(),
              images.trainCount(),
              settings.batchSize(),
              settings.seed());
      run.directory().write(Run.MODEL, stream -> ModelFile.write(trainer.model(), stream));
      run.reporter().say("model: " + run.directory().path(Run.MODEL));
    }
  }

  private static Checkpoint beginning(Run run) {
    return new Checkpoint(0, VaeGraph.untrained(run.architecture()), List.of());
  }

  /**
   * Makes sure, before anything is written down, that training can begin: the cheap checks of
   * {@code doctor}, and as many workers as asked for.
   *
   * @throws ConfigurationException if a setting stands in the way
   */
  static void check(Run run, SparkSession spark) {
    if (run.directory().has(Run.MODEL)) {
      return;
    }
    Settings settings = run.settings();
    PreflightChecks.check(settings.trainer(), spark, run.reporter()::warn);
    TrainerFactory.check(settings, spark);
  }

  private static MinibatchLoss testLoss(Run run, ComputationGraph model, RunImages images) {
    Dataset<Row> means =
        DataFrameReconstructor.reconstruct(
                images.test(), ModelFile.forInference(model), Latent.SAMPLE, run.settings().seed())
            .agg(avg("bce"), avg("kl"));
    AtomicReference<Row> measured = new AtomicReference<>();
    ImageProgress.show(
        run.reporter(), "test loss", images.testCount(), () -> measured.set(means.head()));
    return new MinibatchLoss(
        measured.get().getDouble(0),
        run.architecture().regularisationTerm(measured.get().getDouble(1)),
        images.testCount());
  }
}
