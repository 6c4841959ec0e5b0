package org.sparkvae.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.config.NonDefaults;
import org.sparkvae.config.SettingDeclaration;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.JvmProcess;
import org.sparkvae.testing.SmallModels;

class VaeTest {
  private static final int COUNT = 60;

  private static VaeModel fitted;

  @TempDir Path directory;
  private final SparkSession spark = LocalSpark.session();

  private Dataset<Row> images() {
    return TestImages.of(spark, COUNT, 3);
  }

  /** Returns a copy of a model that is fitted only once. */
  private VaeModel fitted() {
    if (fitted == null) {
      fitted = small().fit(images());
    }
    return fitted.copy(ParamMap.empty());
  }

  private static Vae small() {
    return new Vae().setLatentChannels(4).setDropout(0).setEpochs(1).setTrainer("local").setSeed(5);
  }

  private static List<Row> rows(Dataset<Row> images) {
    return images.orderBy("image_id").collectAsList();
  }

  @Test
  void defaultsEqualThoseOfTheConfigurationFile() {
    Settings settings = new Vae().settings();
    assertThat(settings).isEqualTo(Settings.DEFAULTS);
    assertThat(new Vae().explainParams()).contains("latentChannels", "learningRate", "workers");
  }

  @Test
  void everySettingExceptLimitHasAParamWithAccessorAndSetter() throws ReflectiveOperationException {
    Map<String, Object> expected = new LinkedHashMap<>(NonDefaults.VALUES);
    expected.put("limit", 0);
    Vae vae = new Vae();
    for (SettingDeclaration setting : SettingDeclaration.ALL) {
      if (!setting.name().equals("limit")) {
        Class<?> type = setting.type().isEnum() ? String.class : setting.type();
        String name = setting.paramName();
        Vae.class
            .getMethod("set" + StringUtils.capitalize(name), type)
            .invoke(vae, NonDefaults.VALUES.get(setting.name()));
        assertThat(Vae.class.getMethod(name).invoke(vae)).isEqualTo(vae.getParam(name));
      }
    }
    assertThat(SettingsReader.values(vae.settings())).isEqualTo(expected);
    assertThat(vae.params()).hasSize(expected.size() - 1);
  }

  @Test
  void paramsFormAGridAndAreCopied() {
    Vae vae = small();
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(vae.epochs(), new int[] {1, 2})
            .addGrid(vae.learningRate(), new double[] {0.1})
            .build();
    assertThat(grid)
        .extracting(params -> vae.copy(params).settings().epochs())
        .containsExactly(1, 2);
    assertThat(vae.copy(grid[0]).settings().learningRate()).isEqualTo(0.1);
    assertThat(vae.settings().learningRate()).isEqualTo(0.001);
  }

  @Test
  void appendsColumnsToAnyDataFrame() {
    VaeModel model = fitted();
    Dataset<Row> more = images().selectExpr("label AS `a.b`", "pixels", "image_id");
    Dataset<Row> transformed = model.transform(more);

    assertThat(transformed.columns())
        .containsExactly("a.b", "pixels", "image_id", "reconstruction", "bce", "kl");
    assertThat(transformed.schema()).isEqualTo(model.transformSchema(more.schema()));
    List<Row> rows = rows(transformed);
    assertThat(rows).hasSize(COUNT);
    assertThat(rows.get(7).getInt(0)).isEqualTo(7);
    assertThat(rows.get(7).getList(3)).hasSize(784);
  }

  @Test
  void reconstructsLikeTheCommand() {
    VaeModel model = fitted();
    for (String latent : List.of("sample", "mean")) {
      Dataset<Row> expected =
          DataFrameReconstructor.reconstruct(
              images(), model.archive(), Latent.valueOf(latent.toUpperCase(Locale.ROOT)), 5);
      assertThat(
              rows(
                  model
                      .setLatent(latent)
                      .transform(images())
                      .select("image_id", "reconstruction", "bce", "kl")))
          .isEqualTo(rows(expected.select("image_id", "reconstruction", "bce", "kl")));
    }
  }

  @Test
  void fitsTheSameModelWithTheSameSeed() {
    List<Row> one = rows(fitted().transform(images()));
    assertThat(rows(small().fit(images().repartition(5)).transform(images()))).isEqualTo(one);
    assertThat(rows(small().setSeed(6).fit(images()).transform(images()))).isNotEqualTo(one);
  }

  @Test
  void loadsOnlyModelsThatMatchTheParams() throws Exception {
    String saved = directory.resolve("model").toString();
    fitted().setSeed(9).write().save(saved);
    assertThat(VaeModel.load(saved).settings().seed()).isEqualTo(9);

    ModelConfig wider = new ModelConfig(16, 0, 0.5, 0.001, 5);
    int blocks = wider.decoderChannels().size();
    ModelConfig shorter =
        new ModelConfig(4, wider.decoderChannels().subList(1, blocks), 0, 0.5, 0, 0.001, 1, 5);
    Map<ModelConfig, String> others =
        Map.of(
            wider,
            "its layer 'mean' has 16 output channels, expected 4",
            shorter,
            "it has no layer 'block%d'".formatted(blocks));
    for (Map.Entry<ModelConfig, String> other : others.entrySet()) {
      byte[] archive = ModelFile.forInference(SmallModels.untrained(other.getKey()));
      Files.write(directory.resolve("model/model.zip"), archive);
      assertThatThrownBy(() -> VaeModel.load(saved))
          .isInstanceOf(InputDataException.class)
          .hasMessage(
              "file:%s/model.zip: %s. Restore it from a copy, or fit the model again."
                  .formatted(saved, other.getValue()));
    }
  }

  /** The layers of a CPU build cannot compute on a GPU, and those of a GPU build are slow. */
  @Test
  void convertsAModelOfAnotherBuild() throws Exception {
    String saved = directory.resolve("model").toString();
    fitted().write().save(saved);
    ComputationGraph model = ModelFile.read(fitted().archive());
    ComputationGraph otherBuild =
        VaeGraph.withBackend(LayerBackend.DL4J, model, ModelConfig.of(fitted().settings()));
    Files.write(directory.resolve("model/model.zip"), ModelFile.forInference(otherBuild));

    VaeModel loaded = VaeModel.load(saved);

    assertThat(LayerBackend.of(ModelFile.read(loaded.archive()))).isEqualTo(LayerBackend.CPU);
    assertThat(rows(loaded.transform(images()))).isEqualTo(rows(fitted().transform(images())));
  }

  /** Spark's reader would treat these names as patterns, or as several paths. */
  @ParameterizedTest
  @ValueSource(strings = {"v[1]", "{a,b}", "a,b", "v*", "a\\b", "%41 #:"})
  void loadsFromADirectoryOfAnyName(String name) throws IOException {
    String saved = directory.resolve(name).toString();
    small().setSeed(7).write().save(saved);
    assertThat(Vae.load(saved).settings().seed()).isEqualTo(7);
  }

  @Test
  void loadsAModelFromADirectoryOfAnyName() throws IOException {
    String saved = directory.resolve("m[1]{a,b}").toString();
    fitted().setSeed(9).write().save(saved);
    assertThat(VaeModel.load(saved).settings().seed()).isEqualTo(9);
  }

  @Test
  void namesADirectoryWithoutASavedModel() {
    assertThatThrownBy(() -> VaeModel.load(directory.resolve("absent").toString()))
        .isInstanceOf(InputDataException.class)
        .hasMessageContainingAll("absent: expected a saved VaeModel", "found no file");
  }

  @Test
  void savedPipelineTransformsIdentically() throws Exception {
    Path saved = directory.resolve("model");
    List<Row> expected = rows(fitAndSavePipeline(saved).transform(images()));
    PipelineModel read = PipelineModel.load(saved.toString());
    assertThat(rows(read.transform(images()))).isEqualTo(expected);
    assertThat(((VaeModel) read.stages()[1]).settings().latentChannels()).isEqualTo(4);
  }

  @Test
  @Timeout(180)
  @CompleteBuild
  void savedPipelineTransformsIdenticallyInAnotherJvm() throws Exception {
    Path saved = directory.resolve("model");
    List<Row> expected = rows(fitAndSavePipeline(saved).transform(images()));
    assertThat(rows(spark.read().parquet(transformInAnotherJvm(saved).toString())))
        .isEqualTo(expected);
  }

  /** Fits a pipeline that has itself been saved and loaded, and saves the fitted one. */
  private PipelineModel fitAndSavePipeline(Path saved) throws IOException {
    SQLTransformer positive =
        new SQLTransformer().setStatement("SELECT * FROM __THIS__ WHERE image_id >= 0");
    Path unfitted = directory.resolve("pipeline");
    new Pipeline()
        .setStages(new PipelineStage[] {positive, small()})
        .write()
        .save(unfitted.toString());
    PipelineModel fitted = Pipeline.load(unfitted.toString()).fit(images());
    fitted.write().save(saved.toString());
    return fitted;
  }

  /** Returns the Parquet files of the transformed images. */
  private Path transformInAnotherJvm(Path pipeline) throws Exception {
    Path transformed = directory.resolve("transformed");
    Path log = directory.resolve("log.txt");
    Process process =
        JvmProcess.of(
                SavedPipelineTransform.class,
                List.of(
                    "-Xmx1g",
                    "-Dlog4j2.configurationFile=conf/log4j2.properties",
                    "-Dsparkvae.log=" + directory.resolve("log")),
                pipeline.toString(),
                transformed.toString(),
                String.valueOf(COUNT))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(150, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    return transformed;
  }

  @Test
  void namesTheInvalidColumn() {
    assertThatThrownBy(() -> small().fit(images().drop("pixels")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "column 'pixels': not found among image_id, label. Add it as BINARY (784 bytes, row by row).");
    assertThatThrownBy(
            () -> small().fit(images().selectExpr("CAST(image_id AS BIGINT) image_id", "pixels")))
        .hasMessage(
            "column 'image_id': expected INT (the image's number), found BIGINT. Cast the column.");
    VaeModel model = fitted();
    assertThatThrownBy(() -> model.transform(model.transform(images())))
        .hasMessage("column 'reconstruction': already exists. Rename or drop it.");
    assertThatThrownBy(() -> model.transform(images().withColumnRenamed("label", "Bce")))
        .hasMessage("column 'bce': already exists. Rename or drop it.");
    assertThatThrownBy(() -> model.transform(images().withColumnRenamed("label", "Pixels")))
        .hasMessage("column 'pixels': found 2 columns with this name. Rename or drop all but one.");
    assertThatThrownBy(() -> model.transform(images().selectExpr("image_id", "pixels", "1 pixels")))
        .hasMessage("column 'pixels': found 2 columns with this name. Rename or drop all but one.");
    assertThatThrownBy(
            () -> model.transform(images().selectExpr("image_id", "array(1, 2) AS pixels")))
        .hasMessageStartingWith("column 'pixels': expected BINARY (784 bytes, row by row), found ");
  }

  /** Columns, and the message about them. */
  static Stream<Arguments> invalidRows() {
    String bytes =
        "column 'pixels': expected 784 bytes (28×28 pixels, row by row) in each row, found null or another value in ";
    String ids = "column 'image_id': expected each of 0 … n − 1 once, found 60 rows with ";
    return Stream.of(
        Arguments.of("image_id", "concat(pixels, X'00')", bytes + "60 of 60 rows. "),
        Arguments.of(
            "image_id",
            "concat(pixels, CAST(repeat('0', 240) AS BINARY))",
            bytes + "60 of 60 rows. "),
        Arguments.of(
            "image_id", "IF(image_id < 7, substring(pixels, 2), pixels)", bytes + "7 of 60 rows. "),
        Arguments.of("image_id", "IF(image_id IN (3, 5), NULL, pixels)", bytes + "2 of 60 rows. "),
        Arguments.of("image_id", "IF(image_id = 59, X'', pixels)", bytes + "1 of 60 rows. "),
        Arguments.of(
            "nullif(image_id, 3)",
            "pixels",
            "column 'image_id': expected a number in each row, found null or another value in 1 of 60 rows. "),
        Arguments.of(
            "CAST(image_id div 2 AS INT)", "pixels", ids + "30 distinct ids from 0 to 29. "),
        Arguments.of("image_id + 1", "pixels", ids + "60 distinct ids from 1 to 60. "));
  }

  @ParameterizedTest
  @MethodSource("invalidRows")
  void countsInvalidRowsBeforeTraining(String id, String pixels, String problem) {
    Dataset<Row> invalid = images().selectExpr(id + " AS image_id", pixels + " AS pixels");
    assertThatThrownBy(() -> small().fit(invalid))
        .isInstanceOf(InputDataException.class)
        .hasMessageStartingWith("Vae.fit: " + problem + "Correct these rows");
  }

  @Test
  void requiresAtLeastOneImage() {
    assertThatThrownBy(() -> small().fit(images().where("image_id < 0")))
        .isInstanceOf(InputDataException.class)
        .hasMessageStartingWith("Vae.fit: found no rows, expected at least one image. ");
    assertThat(fitted().transform(images().where("image_id < 0")).collectAsList()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image_id | concat(pixels, X'00') | 60 of 60",
        "image_id | IF(image_id < 7, substring(pixels, 2), pixels) | 7 of 60",
        "image_id | nullif(pixels, pixels) | 60 of 60",
        "image_id | IF(image_id = 59, X'', pixels) | 1 of 60",
        "-image_id | IF(image_id = 59, NULL, pixels) | 1 of 60"
      })
  void transformRejectsInvalidPixels(String id, String pixels, String found) {
    Dataset<Row> transformed =
        fitted().transform(images().selectExpr(id + " AS image_id", pixels + " AS pixels"));
    assertThatThrownBy(transformed::collectAsList)
        .rootCause()
        .isInstanceOf(InputDataException.class)
        .hasMessageStartingWith("column 'pixels': expected 784 bytes (28×28 pixels, row by row)")
        .hasMessageContaining("null or another value in %s rows of a minibatch, image_id ", found);
  }

  @Test
  void transformRejectsRowsWithoutId() {
    Dataset<Row> transformed =
        fitted().transform(images().selectExpr("nullif(image_id % 4, 0) AS image_id", "pixels"));
    assertThatThrownBy(transformed::collectAsList)
        .rootCause()
        .isInstanceOf(InputDataException.class)
        .hasMessage(
            "column 'image_id': expected a number in each row, found null or another value in 15 of the rows. Number these rows, or remove them.");
  }

  /** Like PyTorch, trains on all images at once. The default is more than all images, too. */
  @Test
  void acceptsABatchSizeAboveTheNumberOfImages() {
    VaeModel model = small().setBatchSize(Integer.MAX_VALUE).fit(images());
    assertThat(rows(model.transform(images()))).isEqualTo(rows(fitted().transform(images())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared", "allreduce", "averaging"})
  @CompleteBuild
  void acceptsTheLargestBatchSizeWithEveryTrainer(String trainer) {
    Vae vae = small().setTrainer(trainer).setBatchSize(Integer.MAX_VALUE);
    assertThat(vae.fit(images()).transform(images()).count()).isEqualTo(COUNT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared", "allreduce", "averaging", "local"})
  void rejectsSeveralWorkersInLocalMode(String trainer) {
    assertThatThrownBy(() -> small().setTrainer(trainer).setWorkers(4).fit(images()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "--workers 4: the master is local[2], which has one worker. Omit --workers, or train on a cluster with another trainer than local (--master spark://HOST:7077).");
  }

  @Test
  void namesTheInvalidParam() {
    assertThatThrownBy(() -> small().setEpochs(0).fit(images()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epochs: expected a whole number of 1 or more, found 0.");
    assertThatThrownBy(() -> small().setLatentChannels(3).fit(images()))
        .hasMessageStartingWith("latentChannels: expected ");
    assertThatThrownBy(() -> small().setTrainer("magic").fit(images()))
        .hasMessage("trainer: expected shared, allreduce, averaging or local, found magic.");
    for (double rate : new double[] {Double.NaN, Double.MIN_VALUE, 1e-300, 1e300}) {
      assertThatThrownBy(() -> small().setLearningRate(rate).fit(images()))
          .hasMessage("learningRate: expected a number from 1e-30 to 1e30, found %s.", rate);
    }
    assertThatThrownBy(() -> fitted().setLatent("median").transform(images()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("latent: expected sample or mean, found median.");
  }
}
