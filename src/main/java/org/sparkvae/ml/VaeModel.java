package org.sparkvae.ml;

import org.apache.commons.lang3.ArrayUtils;
import org.apache.commons.lang3.EnumUtils;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.config.Settings;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.storage.Storage;
import scala.Option;

/**
 * A fitted {@link Vae}. It adds the columns {@code reconstruction} (ARRAY of FLOAT in [0, 1], one
 * per pixel, row by row), {@code bce} (FLOAT, nats per pixel) and {@code kl} (FLOAT, nats per
 * image) to a DataFrame of images. The noise of an image depends only on {@code seed} and its
 * {@code image_id}. {@link #explainParams} describes {@code latent} and the Params of the
 * estimator.
 */
public final class VaeModel extends Model<VaeModel> implements MLWritable {
  private static final String MODEL = "model.zip";

  private final String uid;
  private final byte[] archive;
  private final Param<String> latent;
  private final Param<?>[] params;

  /**
   * Creates a model.
   *
   * @param archive an archive from {@link ModelFile#forInference}
   */
  VaeModel(String uid, byte[] archive) {
    this.uid = uid;
    this.archive = archive;
    latent =
        new Param<>(this, "latent", "latent variable to decode: sample or mean of the posterior");
    params = ArrayUtils.add(SettingParams.create(this), latent);
    SettingParams.setDefaults(this);
    setDefault(latent, "sample");
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Param<?>[] params() {
    return params.clone();
  }

  /** Returns the settings of the estimator that trained the model, with the model's own seed. */
  public Settings settings() {
    return SettingParams.settings(this);
  }

  byte[] archive() {
    return archive;
  }

  public Param<String> latent() {
    return latent;
  }

  /** Sets the latent variable to decode: {@code sample} or {@code mean} of the posterior. */
  public VaeModel setLatent(String value) {
    set(latent, value);
    return this;
  }

  public LongParam seed() {
    return (LongParam) getParam("seed");
  }

  /** Sets the seed of the noise. */
  public VaeModel setSeed(long value) {
    set("seed", value);
    return this;
  }

  /**
   * Adds the three columns. Evaluation is lazy: a Spark action fails with an {@link
   * InputDataException} as its cause if a row has no {@code image_id} or not 784 bytes.
   *
   * @throws IllegalArgumentException if a required column is missing, of another type or not
   *     unique, if an added column already exists, or if {@code latent} has another value
   */
  @Override
  public Dataset<Row> transform(Dataset<?> images) {
    transformSchema(images.schema());
    Latent decoded = EnumUtils.getEnumIgnoreCase(Latent.class, $(latent));
    if (decoded == null) {
      throw new IllegalArgumentException(
          "latent: expected sample or mean, found %s.".formatted($(latent)));
    }
    return DataFrameReconstructor.addColumns(images.toDF(), archive, decoded, settings().seed());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return InputSchema.withReconstruction(schema);
  }

  @Override
  public VaeModel copy(ParamMap extra) {
    return copyValues(new VaeModel(uid, archive).setParent(parent()), extra);
  }

  /**
   * Returns this model with the layers of this build. The archive can come from another build (CPU
   * or GPU).
   *
   * @throws InputDataException if the archive is damaged or does not match the Params
   */
  private VaeModel forThisBuild() {
    ComputationGraph model = ModelFile.read(archive);
    ModelConfig config = ModelConfig.of(settings());
    // The Param is the seed of the noise, which can differ from that of the initial weights.
    ModelFile.checkConfig(model, config, "seed");
    LayerBackend backend = LayerBackend.ofThisBuild();
    if (LayerBackend.of(model) == backend) {
      return this;
    }
    byte[] converted = ModelFile.forInference(VaeGraph.withBackend(backend, model, config));
    return copyValues(new VaeModel(uid, converted), ParamMap.empty());
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  /** Returns a reader of saved models. */
  public static MLReader<VaeModel> read() {
    return new Reader();
  }

  /**
   * Loads a saved model.
   *
   * @throws InputDataException if the file of the model is damaged or does not match the Params
   */
  public static VaeModel load(String path) {
    return read().load(path);
  }

  private static final class Writer extends MLWriter {
    private final VaeModel model;

    Writer(VaeModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter.saveMetadata(
          model, path, sparkSession().sparkContext(), Option.empty(), Option.empty());
      SavedParams.directory(path, sparkSession())
          .write(MODEL, stream -> stream.write(model.archive));
    }
  }

  private static final class Reader extends MLReader<VaeModel> {
    @Override
    public VaeModel load(String path) {
      Storage directory = SavedParams.directory(path, sparkSession());
      DefaultParamsReader.Metadata metadata = SavedParams.read(directory, VaeModel.class);
      VaeModel model = new VaeModel(metadata.uid(), directory.readBytes(MODEL));
      metadata.getAndSetParams(model, Option.empty());
      try {
        return model.forThisBuild();
      } catch (InputDataException e) {
        throw new InputDataException(
            "%s: %s. Restore it from a copy, or fit the model again."
                .formatted(directory.path(MODEL), e.getMessage()),
            e);
      }
    }
  }
}
