package org.sparkvae.ml;

import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
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
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.spark.ImageCheck;
import org.sparkvae.spark.ImageColumn;
import org.sparkvae.spark.JobDescription;
import org.sparkvae.training.MinibatchLoss;
import org.sparkvae.training.Trainer;
import org.sparkvae.training.TrainingLoop;
import org.sparkvae.training.TrainingProgress;
import org.sparkvae.training.spark.MetricsProgress;
import org.sparkvae.training.spark.TrainerFactory;
import scala.Option;

/**
 * The variational auto-encoder of the reference as a Spark ML estimator. The input DataFrame has
 * the columns {@code image_id} (INT, each of 0 … n − 1 once) and {@code pixels} (BINARY, a byte per
 * pixel, row by row). Other columns are ignored. Each Param has an accessor and a setter. Its name
 * is that of a setting in camel case, and its {@code doc} is the description in {@link Settings};
 * {@link #explainParams} lists both. There is no Param for {@code limit}, because {@code
 * Dataset.limit} does the same.
 *
 * <p>The Spark session must be started with {@code
 * spark.plugins=org.sparkvae.spark.SparkVaePlugin}, its JVMs with the options in {@code
 * conf/jvm-options}, and dynamic allocation must be off. Fits must not run concurrently, for
 * example with {@code CrossValidator.setParallelism(2)}, because their training messages would mix.
 */
public final class Vae extends Estimator<VaeModel> implements DefaultParamsWritable {
  /** The test loss. A fit has no test images. */
  private static final MinibatchLoss NOT_MEASURED = new MinibatchLoss(Double.NaN, Double.NaN, 0);

  private final String uid;
  private final Param<?>[] params;

  /** Creates an estimator with the settings of the reference's Model 1. */
  public Vae() {
    this(Identifiable$.MODULE$.randomUID("vae"));
  }

  /** Creates an estimator with a given uid, as required by Spark ML readers. */
  public Vae(String uid) {
    this.uid = uid;
    params = SettingParams.create(this);
    SettingParams.setDefaults(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Param<?>[] params() {
    return params.clone();
  }

  /**
   * Returns the values of the Params as settings.
   *
   * @throws IllegalArgumentException if a Param is out of range
   */
  public Settings settings() {
    return SettingParams.settings(this);
  }

  public IntParam latentChannels() {
    return (IntParam) getParam("latentChannels");
  }

  public Vae setLatentChannels(int value) {
    return with("latentChannels", value);
  }

  public DoubleParam dropout() {
    return (DoubleParam) getParam("dropout");
  }

  public Vae setDropout(double value) {
    return with("dropout", value);
  }

  public IntParam epochs() {
    return (IntParam) getParam("epochs");
  }

  public Vae setEpochs(int value) {
    return with("epochs", value);
  }

  public IntParam batchSize() {
    return (IntParam) getParam("batchSize");
  }

  public Vae setBatchSize(int value) {
    return with("batchSize", value);
  }

  public DoubleParam lambda() {
    return (DoubleParam) getParam("lambda");
  }

  public Vae setLambda(double value) {
    return with("lambda", value);
  }

  public IntParam klWarmupEpochs() {
    return (IntParam) getParam("klWarmupEpochs");
  }

  public Vae setKlWarmupEpochs(int value) {
    return with("klWarmupEpochs", value);
  }

  public DoubleParam learningRate() {
    return (DoubleParam) getParam("learningRate");
  }

  public Vae setLearningRate(double value) {
    return with("learningRate", value);
  }

  public DoubleParam learningRateDecay() {
    return (DoubleParam) getParam("learningRateDecay");
  }

  public Vae setLearningRateDecay(double value) {
    return with("learningRateDecay", value);
  }

  @SuppressWarnings("unchecked")
  public Param<String> precision() {
    return (Param<String>) (Param<?>) getParam("precision");
  }

  /** Sets the precision of the decoder's matrix products: {@code float32} or {@code bfloat16}. */
  public Vae setPrecision(String value) {
    return with("precision", value);
  }

  @SuppressWarnings("unchecked")
  public Param<String> trainer() {
    return (Param<String>) (Param<?>) getParam("trainer");
  }

  /** Sets the trainer: {@code shared}, {@code allreduce}, {@code averaging} or {@code local}. */
  public Vae setTrainer(String value) {
    return with("trainer", value);
  }

  public IntParam workers() {
    return (IntParam) getParam("workers");
  }

  public Vae setWorkers(int value) {
    return with("workers", value);
  }

  public LongParam seed() {
    return (LongParam) getParam("seed");
  }

  public Vae setSeed(long value) {
    return with("seed", value);
  }

  private Vae with(String param, Object value) {
    set(param, value);
    return this;
  }

  /**
   * Trains on all images. The DataFrame is computed once to check it, and then once per epoch, or
   * only once more with the trainer {@code local}. Persist it if that is expensive.
   *
   * @throws IllegalArgumentException if a column is missing or of another type, or if a Param is
   *     out of range
   * @throws InputDataException if there are no images, if an image does not have 784 bytes, or if
   *     the ids are not 0 … n − 1, each once
   * @throws ConfigurationException if the number of executors differs from {@code workers}
   */
  @Override
  public VaeModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Settings settings = settings();
    Dataset<Row> images = dataset.select(InputSchema.IMAGE_ID, InputSchema.PIXELS);
    int count = countOf(images);
    ComputationGraph model = VaeGraph.untrained(ModelConfig.of(settings));
    try (Trainer trainer = TrainerFactory.create(settings, model, images, count)) {
      TrainingLoop loop =
          new TrainingLoop(
              trainer,
              epoch -> {},
              trained -> NOT_MEASURED,
              new MetricsProgress(TrainingProgress.SILENT));
      JobDescription.runWith(
          "training", () -> loop.run(List.of(), settings.epochs(), count, settings.seed()));
      return copyValues(
          new VaeModel(uid, ModelFile.forInference(trainer.model())).setParent(this),
          ParamMap.empty());
    }
  }

  private static int countOf(Dataset<Row> images) {
    ImageCheck check = ImageCheck.of(images, ImageColumn.PIXELS);
    check
        .problem()
        .ifPresent(
            problem -> {
              throw new InputDataException(
                  "Vae.fit: %s. Correct these rows of the DataFrame, or remove them and renumber the others."
                      .formatted(problem));
            });
    return (int) check.rows();
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return InputSchema.withReconstruction(schema);
  }

  @Override
  public Vae copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Returns a reader of saved estimators. */
  public static MLReader<Vae> read() {
    return new Reader();
  }

  /** Loads a saved estimator. */
  public static Vae load(String path) {
    return read().load(path);
  }

  private static final class Reader extends MLReader<Vae> {
    @Override
    public Vae load(String path) {
      DefaultParamsReader.Metadata metadata =
          SavedParams.read(SavedParams.directory(path, sparkSession()), Vae.class);
      Vae vae = new Vae(metadata.uid());
      metadata.getAndSetParams(vae, Option.empty());
      return vae;
    }
  }
}
