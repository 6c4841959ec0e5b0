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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.config.NonDefaults;
import org.sparkvae.config.SettingDeclaration;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
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
    assertThatThrownBy(() -> small().fit(images().where("image_id <> 3")))
        .hasMessageContaining("column 'image_id': expected each of 0 … n − 1 once");
    VaeModel model = fitted();
    assertThatThrownBy(() -> model.transform(model.transform(images())))
        .hasMessage("column 'reconstruction': already exists. Rename or drop it.");
  }

  @Test
  void namesTheInvalidParam() {
    assertThatThrownBy(() -> small().setEpochs(0).fit(images()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epochs: expected a whole number of 1 or more, found 0.");
    assertThatThrownBy(() -> small().setLatentChannels(3).fit(images()))
        .hasMessageStartingWith("latentChannels: expected ");
    assertThatThrownBy(() -> small().setTrainer("magic").fit(images()))
        .hasMessage("trainer: expected shared, averaging or local, found magic.");
  }
}
