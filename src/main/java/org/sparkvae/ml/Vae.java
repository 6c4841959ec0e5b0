package org.sparkvae.ml;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

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
import org.sparkvae.model.Architecture;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.spark.JobDescription;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.MinibatchLoss;
import org.sparkvae.training.Trainer;
import org.sparkvae.training.TrainingLoop;
import org.sparkvae.training.TrainingProgress;
import org.sparkvae.training.spark.MeteredProgress;
import org.sparkvae.training.spark.Trainers;

/**
 * The report's variational auto-encoder as a Spark ML estimator. It is fitted to a DataFrame with
 * {@code image_id} (INT, each of 0 … n − 1 once) and {@code pixels} (BINARY, 784 bytes row by row);
 * other columns are not looked at.
 *
 * <p>The session has to have been started with {@code
 * spark.plugins=org.sparkvae.spark.DriverMessages}, and its JVMs with the options of {@code
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

  public Vae setLatentSize(int value) {
    return with(latentSize(), value);
  }

  public Vae setDropout(double value) {
    return with(dropout(), value);
  }

  public Vae setLambda(double value) {
    return with(lambda(), value);
  }

  public Vae setLearningRate(double value) {
    return with(learningRate(), value);
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
    Dataset<Row> images = dataset.select(Columns.IMAGE_ID, Columns.PIXELS);
    int count = countOf(images);
    ComputationGraph model = new ComputationGraph(VaeGraph.autoEncoder(architecture(settings)));
    model.init();
    try (Trainer trainer = Trainers.of(settings, model, images, count)) {
      new TrainingLoop(
              trainer, epoch -> {}, trained -> NOT_MEASURED, new MeteredProgress(new Silent()))
          .run(List.of(), settings.epochs(), count, settings.batchSize(), settings.seed());
      return copyValues(
          new VaeModel(uid, ModelFile.forInference(trainer.model())).setParent(this),
          ParamMap.empty());
    } finally {
      JobDescription.set(null);
    }
  }

  private static Architecture architecture(Settings settings) {
    return new Architecture(
        settings.latentSize(),
        settings.dropout(),
        settings.lambda(),
        settings.learningRate(),
        settings.seed());
  }

  private static int countOf(Dataset<Row> images) {
    Row ids =
        images
            .agg(
                count(Columns.IMAGE_ID),
                countDistinct(Columns.IMAGE_ID),
                min(Columns.IMAGE_ID),
                max(Columns.IMAGE_ID))
            .head();
    long count = ids.getLong(0);
    if (count == 0 || ids.getLong(1) != count || ids.getInt(2) != 0 || ids.getInt(3) != count - 1) {
      throw new IllegalArgumentException(
          "column '%s' has to hold each of 0 … n − 1 once; there are %d, %d of them distinct, from %s to %s"
              .formatted(Columns.IMAGE_ID, count, ids.getLong(1), ids.get(2), ids.get(3)));
    }
    return (int) count;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Columns.withReconstruction(schema);
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

  /** Spark's own pages show how far the jobs are. */
  private static final class Silent implements TrainingProgress {
    @Override
    public void epochStarted(int epoch, int epochs, int images) {}

    @Override
    public void minibatch(MinibatchLoss loss) {}

    @Override
    public void epochDone(EpochRecord record, int epochs) {}
  }
}
