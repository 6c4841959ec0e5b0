package org.sparkvae.ml;

import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.config.Settings;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.spark.ImageIds;
import org.sparkvae.spark.JobDescription;
import org.sparkvae.training.MinibatchLoss;
import org.sparkvae.training.Trainer;
import org.sparkvae.training.TrainingLoop;
import org.sparkvae.training.TrainingProgress;
import org.sparkvae.training.spark.MetricsProgress;
import org.sparkvae.training.spark.TrainerFactory;

/**
 * The report's variational auto-encoder as a Spark ML estimator. It is fitted to a DataFrame with
 * {@code image_id} (INT, each of 0 … n − 1 once) and {@code pixels} (BINARY, 784 bytes row by row);
 * other columns are not looked at.
 *
 * <p>The session has to have been started with {@code
 * spark.plugins=org.sparkvae.spark.SparkVaePlugin}, and its JVMs with the options of {@code
 * conf/jvm-options}; dynamic allocation has to be off. One fit at a time: with {@code
 * CrossValidator.setParallelism(2)} the two would hear each other's minibatches.
 */
public final class Vae extends Estimator<VaeModel> implements VaeParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  /** There are no images but those that are trained on. */
  private static final MinibatchLoss NOT_MEASURED = new MinibatchLoss(Double.NaN, Double.NaN, 0);

  private final String uid;
  private final Declared declared;

  /** With the settings of the report's Model 1. */
  public Vae() {
    this(Identifiable$.MODULE$.randomUID("vae"));
  }

  /** The same with a name of its own, as Spark wants it to read one. */
  public Vae(String uid) {
    this.uid = uid;
    declared = new Declared(this);
    setDefault(declared.defaults());
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Declared declared() {
    return declared;
  }

  public Vae setLatentChannels(int value) {
    return with(latentChannels(), value);
  }

  public Vae setDropout(double value) {
    return with(dropout(), value);
  }

  public Vae setLambda(double value) {
    return with(lambda(), value);
  }

  public Vae setKlWarmupEpochs(int value) {
    return with(klWarmupEpochs(), value);
  }

  public Vae setLearningRate(double value) {
    return with(learningRate(), value);
  }

  public Vae setLearningRateDecay(double value) {
    return with(learningRateDecay(), value);
  }

  public Vae setBatchSize(int value) {
    return with(batchSize(), value);
  }

  public Vae setEpochs(int value) {
    return with(epochs(), value);
  }

  /** One of {@code shared}, {@code averaging} and {@code local}. */
  public Vae setTrainer(String value) {
    return with(trainer(), value);
  }

  public Vae setWorkers(int value) {
    return with(workers(), value);
  }

  public Vae setSeed(long value) {
    return with(seed(), value);
  }

  private <T> Vae with(Param<?> param, T value) {
    set(param.name(), value);
    return this;
  }

  /**
   * Trains on all images.
   *
   * @throws IllegalArgumentException if a column is missing or of another type, if the ids are not
   *     0 … n − 1, or a param is out of its range
   */
  @Override
  public VaeModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Settings settings = settings();
    Dataset<Row> images = dataset.select(InputSchema.IMAGE_ID, InputSchema.PIXELS);
    int count = countOf(images);
    ComputationGraph model = VaeGraph.untrained(ModelConfig.of(settings));
    try (Trainer trainer = TrainerFactory.of(settings, model, images, count)) {
      TrainingLoop loop =
          new TrainingLoop(
              trainer,
              epoch -> {},
              trained -> NOT_MEASURED,
              new MetricsProgress(TrainingProgress.SILENT));
      JobDescription.during(
          "training",
          () ->
              loop.run(List.of(), settings.epochs(), count, settings.batchSize(), settings.seed()));
      return copyValues(
          new VaeModel(uid, ModelFile.forInference(trainer.model())).setParent(this),
          ParamMap.empty());
    }
  }

  private static int countOf(Dataset<Row> images) {
    ImageIds ids = ImageIds.of(images);
    if (!ids.areEachThereOnce()) {
      throw new IllegalArgumentException(
          "column '%s' has to hold each of 0 … n − 1 once; there are %s"
              .formatted(InputSchema.IMAGE_ID, ids));
    }
    return (int) ids.count();
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return InputSchema.withReconstruction(schema);
  }

  @Override
  public Vae copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@code write} wrote. */
  public static MLReader<Vae> read() {
    return new DefaultParamsReader<>();
  }

  /** The same from a path. */
  public static Vae load(String path) {
    return read().load(path);
  }
}
