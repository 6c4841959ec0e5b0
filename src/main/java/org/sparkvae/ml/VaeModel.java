package org.sparkvae.ml;

import java.util.Locale;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.storage.Storage;
import scala.Option;

/**
 * A fitted {@link Vae}: adds to a DataFrame of images {@code reconstruction} (ARRAY of 784 FLOAT in
 * [0, 1], row by row), {@code bce} (FLOAT, nats per pixel) and {@code kl} (FLOAT, nats per image).
 * The noise of an image depends on {@code seed} and its {@code image_id} alone.
 */
public final class VaeModel extends Model<VaeModel> implements VaeParams, MLWritable {
  private static final long serialVersionUID = 1L;
  private static final String MODEL = "model.zip";

  private final String uid;
  private final byte[] archive;
  private final Declared declared;
  private final Param<String> latent;

  /**
   * Makes one.
   *
   * @param archive of {@link ModelFile#forInference}
   */
  VaeModel(String uid, byte[] archive) {
    this.uid = uid;
    this.archive = archive;
    declared = new Declared(this);
    latent = new Param<>(this, "latent", "decode a sample of each posterior, or its mean");
    setDefault(declared.defaults());
    setDefault(latent, "sample");
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Declared declared() {
    return declared;
  }

  byte[] archive() {
    return archive;
  }

  public Param<String> latent() {
    return latent;
  }

  /** One of {@code sample} and {@code mean}. */
  public VaeModel setLatent(String value) {
    set(latent, value);
    return this;
  }

  /** Another seed, and so other noise. */
  public VaeModel setSeed(long value) {
    set(seed().name(), value);
    return this;
  }

  /**
   * Adds the three columns.
   *
   * @throws IllegalArgumentException if a column is missing, of another type, or there already
   */
  @Override
  public Dataset<Row> transform(Dataset<?> images) {
    transformSchema(images.schema());
    Latent decoded = Latent.valueOf($(latent).toUpperCase(Locale.ROOT));
    return DataFrameReconstructor.addTo(images.toDF(), archive, decoded, settings().seed());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return InputSchema.withReconstruction(schema);
  }

  @Override
  public VaeModel copy(ParamMap extra) {
    return copyValues(new VaeModel(uid, archive).setParent(parent()), extra);
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<VaeModel> read() {
    return new Reader();
  }

  /** The same from a path. */
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
      storage(path, sparkSession()).write(MODEL, stream -> stream.write(model.archive));
    }
  }

  private static final class Reader extends MLReader<VaeModel> {
    @Override
    public VaeModel load(String path) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader.loadMetadata(
              path, sparkSession().sparkContext(), VaeModel.class.getName());
      byte[] archive = storage(path, sparkSession()).readBytes(MODEL);
      VaeModel model = new VaeModel(metadata.uid(), archive);
      metadata.getAndSetParams(model, Option.empty());
      return model;
    }
  }

  private static Storage storage(String path, SparkSession spark) {
    return Storage.at(path, spark.sparkContext().hadoopConfiguration());
  }
}
