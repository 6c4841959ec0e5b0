package org.sparkvae.run;

import static org.apache.spark.sql.functions.avg;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.config.Settings;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.doctor.Preflight;
import org.sparkvae.failure.ConfigurationFailure;
import org.sparkvae.model.ImageDecoder.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.reconstruction.Reconstructor;
import org.sparkvae.spark.Executors;
import org.sparkvae.training.Checkpoint;
import org.sparkvae.training.Checkpoints;
import org.sparkvae.training.History;
import org.sparkvae.training.ImageStore;
import org.sparkvae.training.LocalTrainer;
import org.sparkvae.training.MinibatchLoss;
import org.sparkvae.training.Trainer;
import org.sparkvae.training.TrainingLoop;
import org.sparkvae.training.spark.AveragingTrainer;
import org.sparkvae.training.spark.SharedTrainer;

/** Trains the model of a run, from its last checkpoint where it has one. */
final class TrainStage {
  private TrainStage() {}

  static void train(Run run, SparkSession spark, Images images) {
    if (run.directory().has(Run.MODEL)) {
      run.reporter().say("trained already: " + run.directory().path(Run.MODEL));
      return;
    }
    Checkpoints checkpoints =
        new Checkpoints(run.directory().in(Run.CHECKPOINTS), run.reporter()::warn);
    Checkpoint start = checkpoints.latest().orElseGet(() -> beginning(run));
    if (start.epoch() > 0) {
      run.reporter().say("going on from epoch " + start.epoch());
    }
    Settings settings = run.settings();
    if (start.epoch() == settings.epochs()) {
      // Killed between its last checkpoint and this.
      run.directory().writeText(Run.HISTORY, History.csv(start.history()));
      run.directory().write(Run.MODEL, stream -> ModelFile.write(start.model(), stream));
      return;
    }
    try (Trainer trainer =
        trainer(run, spark, VaeGraph.forThisBuild(start.model(), run.architecture()), images)) {
      new TrainingLoop(
              trainer,
              run.directory(),
              checkpoints,
              model -> testLoss(run, model, images),
              run.reporter())
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
    ComputationGraph model = new ComputationGraph(VaeGraph.autoEncoder(run.architecture()));
    model.init();
    return new Checkpoint(0, model, List.of());
  }

  private static Trainer trainer(
      Run run, SparkSession spark, ComputationGraph model, Images images) {
    Settings settings = run.settings();
    Dataset<Row> train = images.train();
    int count = images.trainCount();
    int batchSize = settings.batchSize();
    long seed = settings.seed();
    return switch (settings.trainer()) {
      case LOCAL -> new LocalTrainer(model, ImageStore.of(train), batchSize, seed);
      case SHARED ->
          new SharedTrainer(model, train, count, batchSize, executors(settings, spark), seed);
      case AVERAGING ->
          new AveragingTrainer(model, train, count, batchSize, executors(settings, spark), seed);
    };
  }

  /**
   * Makes sure, before anything is written down, that training can begin: the cheap checks of
   * {@code doctor}, and as many workers as asked for.
   *
   * @throws ConfigurationFailure if a setting stands in the way
   */
  static void check(Run run, SparkSession spark) {
    if (run.directory().has(Run.MODEL)) {
      return;
    }
    Settings settings = run.settings();
    Preflight.check(settings.trainer(), spark, run.reporter()::warn);
    if (settings.trainer() == TrainerKind.LOCAL) {
      agree(settings, 1, spark);
    } else {
      executors(settings, spark);
    }
  }

  /** One replica in each executor; {@code local[*]} is one executor, the driver itself. */
  private static Executors executors(Settings settings, SparkSession spark) {
    Executors executors = Executors.await(spark, settings.workers());
    agree(settings, executors.count(), spark);
    return executors;
  }

  private static void agree(Settings settings, int there, SparkSession spark) {
    int asked = settings.workers();
    if (asked != 0 && asked != there) {
      boolean single = settings.trainer() == TrainerKind.LOCAL || spark.sparkContext().isLocal();
      throw new ConfigurationFailure(
          "--workers %d: --trainer %s has %d here (%s), one for each executor; leave --workers out, or %s"
              .formatted(
                  asked,
                  settings.trainer(),
                  there,
                  spark.sparkContext().master(),
                  single
                      ? "train with --trainer shared or averaging on a cluster, --master spark://HOST:7077"
                      : "change the executors with spark.cores.max and spark.executor.cores"));
    }
  }

  private static MinibatchLoss testLoss(Run run, ComputationGraph model, Images images) {
    Dataset<Row> means =
        Reconstructor.reconstruct(
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
