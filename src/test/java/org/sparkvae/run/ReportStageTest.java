package org.sparkvae.run;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.evaluation.Metric;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.LayerSummary;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.reconstruction.MetadataParquetFormat;
import org.sparkvae.report.page.DigitScores;
import org.sparkvae.report.page.RunSummary;
import org.sparkvae.report.page.ScoredImage;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TaskResultSize;
import org.sparkvae.spark.TestImages;

class ReportStageTest {
  private static final String HISTORY =
      """
      epoch,train_loss_last,train_loss_mean,bce_last,bce_mean,reg_term_last,reg_term_mean,test_bce,test_reg_term,examples,seconds,examples_per_second,drift
      1,0.27,0.43,0.26,0.42,0.01,0.01,0.25,0.02,150,10.0,15.0,0.0
      """;

  /** The reconstructions of both splits, by partitions and images. Tests copy them. */
  @TempDir static Path reconstructions;

  @TempDir Path output;
  private final RecordingReporter reporter = new RecordingReporter();

  private Run run(String id, Map<String, Object> options) {
    Run run =
        Run.open(id, output.toString(), reader -> reader.options(options).settings(), reporter);
    run.writeSettings();
    return run;
  }

  /** Creates a run with synthetic files and 150 images in each split. */
  private Run createRun(String id, int partitions) throws Exception {
    return createRun(id, partitions, 150);
  }

  private Run createRun(String id, int partitions, int images) throws Exception {
    Run run = run(id, Map.of("epochs", 1, "limit", 150));
    Path directory = output.resolve(id);
    write(directory.resolve("history.csv"), HISTORY);
    write(directory.resolve("evaluation.json"), "{\"beta\": 0.109375, \"test.loss\": 0.27}");
    write(
        directory.resolve("provenance.json"),
        "{\"run_id\": \"%s\", \"data\": {\"checksum\": \"c\"}, \"machine\": {\"master\": \"local[2]\"}}"
            .formatted(id));
    Files.createFile(directory.resolve("model.zip"));
    Files.createDirectory(directory.resolve("figures"));
    write(directory.resolve("figures/prior-draws.png"), "content is not read");
    Path table = reconstructions.resolve("%d-%d".formatted(partitions, images));
    if (!Files.exists(table)) {
      LocalSpark.session()
          .createDataFrame(rows(images), DataFrameReconstructor.SCHEMA)
          .repartition(partitions)
          .write()
          .format(MetadataParquetFormat.class.getName())
          .option("sparkvae.model_sha256", run.modelChecksum())
          .save(table.toString());
    }
    for (String split : List.of("train", "test")) {
      FileUtils.copyDirectory(
          table.toFile(), directory.resolve("reconstructions/split=" + split).toFile());
    }
    return run;
  }

  private static void write(Path file, String text) throws Exception {
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  /**
   * Returns rows with equally many images of each label and cross-entropies of 0.1, 0.2 and 0.3.
   */
  private static List<Row> rows(int images) {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < images; id++) {
      float[] reconstruction = new float[784];
      reconstruction[id % 784] = 0.5f;
      float bce = 0.1f + 0.1f * (id % 3);
      rows.add(
          RowFactory.create(
              id, id % 10, TestImages.pixels(id), reconstruction, bce, 28f + id % 10));
    }
    Collections.shuffle(rows, new Random(1));
    return rows;
  }

  @Test
  void sortsExtremesByScoreAndThenById() throws Exception {
    RunSummary summary = RunSummaryReader.read(createRun("one", 2), LocalSpark.session());

    assertThat(summary.best())
        .extracting(ScoredImage::id)
        .containsExactly(0, 3, 6, 9, 12, 15, 18, 21, 24, 27);
    assertThat(summary.worst())
        .extracting(ScoredImage::id)
        .containsExactly(2, 5, 8, 11, 14, 17, 20, 23, 26, 29);
    assertThat(summary.worst().get(1).label()).isEqualTo(5);
    assertThat(summary.worst().get(1).pair().get(1)[5]).isEqualTo(0.5f);
    assertThat(summary.worst().get(1).pair().get(0)[0]).isZero();
  }

  @Test
  void digitScoresDoNotDependOnPartitioning() throws Exception {
    SparkSession spark = LocalSpark.session();
    List<DigitScores> digits = RunSummaryReader.read(createRun("one", 2), spark).digits();

    assertThat(digits).extracting(DigitScores::label).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(digits).allMatch(digit -> digit.images() == 15);
    // 31 nats over 7,168 elements, twice λ = 0.5.
    assertThat(digits.get(3).kl()).isEqualTo(31);
    assertThat(digits.get(3).loss() - digits.get(3).bce()).isEqualTo(31 / 7168.0, within(1e-12));
    assertThat(RunSummaryReader.read(createRun("two", 7), spark).digits()).isEqualTo(digits);
  }

  @Test
  void dataSentToTheDriverDoesNotGrowWithTheImages() throws Exception {
    SparkSession spark = LocalSpark.session();
    Run small = createRun("small", 2);
    Run large = createRun("large", 2, 3000);
    long ofSmall = TaskResultSize.measure(() -> TestImageScores.read(small, spark));
    long ofLarge = TaskResultSize.measure(() -> TestImageScores.read(large, spark));
    assertThat(ofLarge).isLessThan(ofSmall + 20_000);
  }

  @Test
  void sameFilesGiveTheSameReport() throws Exception {
    Run run = createRun("one", 2);
    ReportStage.report(run, LocalSpark.session());
    String first = Files.readString(output.resolve("one/report.html"));
    ReportStage.report(run, LocalSpark.session());

    int layers = LayerSummary.of(run.modelConfig()).size();
    assertThat(Files.readString(output.resolve("one/report.html"))).isEqualTo(first);
    assertThat(first)
        .contains("Run one", "Epoch:1/1, Train_Loss:0.27, Train_Reg_Term:0.01")
        .contains("This run used only the first 150 images of each split")
        .contains("FullyConnected(a%d, 3 → 28), sigmoid".formatted(layers - 1));
    assertThat(reporter.lines).contains("report: file:" + output.resolve("one/report.html"));
  }

  @Test
  void writesTheComparisonToTheFirstRun() throws Exception {
    ReportStage.compare(createRun("one", 2), createRun("two", 2), LocalSpark.session());

    assertThat(output.resolve("one/compare-two.html")).content().contains("Settings that differ");
    assertThat(output.resolve("one/report.html")).doesNotExist();
    assertThat(output.resolve("two/report.html")).doesNotExist();
  }

  @Test
  void namesTheCommandThatCreatesAMissingFile() throws Exception {
    Run run = createRun("one", 2);
    ReportStage.requireInputs(run);
    for (Map.Entry<String, String> input :
        Map.of("model.zip", "train", "history.csv", "train", "evaluation.json", "evaluate")
            .entrySet()) {
      Path file = output.resolve("one").resolve(input.getKey());
      Path moved = Files.move(file, output.resolve("moved"));
      assertThatThrownBy(() -> ReportStage.requireInputs(run))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContainingAll(
              input.getKey(),
              "Create it with: submit/sparkvae "
                  + input.getValue()
                  + " --run-id one --output file:");
      Files.move(moved, file);
    }
  }

  @Test
  void rejectsReconstructionsOfAnotherModel() throws Exception {
    Run run = createRun("one", 2);
    write(output.resolve("one/model.zip"), "another model");
    assertThatThrownBy(() -> ReportStage.requireInputs(run))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "reconstructions of another model",
            "Recreate them with: submit/sparkvae reconstruct --run-id one --output file:");
  }

  /** After a kill between the two files, the metrics are complete, but the report is older. */
  @Test
  void evaluateUpdatesAReportThatIsOlderThanTheMetrics() throws Exception {
    Run run = createRun("one", 2);
    EvaluationSize size = EvaluationSize.DEFAULT;
    Set<String> names = Metric.names(size.importanceSamples(), metric -> true);
    Map<String, Double> metrics =
        names.stream().collect(Collectors.toMap(name -> name, name -> (double) size.images()));
    EvaluationProvenance provenance = EvaluationProvenance.current(run, "");
    EvaluationFile.write(run, names, metrics, provenance);
    provenance.write(run);
    RunPipeline pipeline =
        new RunPipeline(run, Optional.of(output.resolve("absent").toString()), "");
    MetricThresholds none = new MetricThresholds(Map.of(), Map.of());

    pipeline.evaluate(size, none);
    write(output.resolve("one/report.html"), "an older report");
    run.markReportOutdated();
    assertThatThrownBy(() -> pipeline.evaluate(size, none))
        .hasMessageStartingWith("--data: %s does not exist.", output.resolve("absent"));
    ReportStage.report(run, LocalSpark.session());
    assertThat(output.resolve("one/report.html")).content().contains("Run one");
    pipeline.evaluate(size, none);
  }

  /** Another program has rewritten the files and kept their metadata. */
  @Test
  void rejectsInvalidReconstructions() throws Exception {
    Run run = createRun("one", 2);
    Path split = output.resolve("one/reconstructions/split=test");
    SparkSession spark = LocalSpark.session();
    Path changed = output.resolve("changed");
    spark
        .read()
        .parquet(split.toString())
        .withColumn("original", expr("concat(original, X'00')"))
        .write()
        .parquet(changed.toString());
    FileUtils.deleteDirectory(split.toFile());
    FileUtils.moveDirectory(changed.toFile(), split.toFile());
    assertThatThrownBy(() -> ReconstructionRows.check(run, spark, Split.TEST, Optional.empty()))
        .isInstanceOf(InputDataException.class)
        .hasMessageStartingWith(
            "file:%s: split=test: column 'original': expected 784 bytes (28×28 pixels, row by row) in each row, found null or another value in 150 of 150 rows. ",
            split.getParent())
        .hasMessageEndingWith(run.commandLine("reconstruct"));
  }

  @Test
  void rejectsDamagedMetrics() throws Exception {
    Run run = createRun("one", 2);
    write(output.resolve("one/evaluation.json"), "{\"beta\": 0.1093");
    assertThatThrownBy(() -> ReportStage.report(run, LocalSpark.session()))
        .isInstanceOf(InputDataException.class)
        .hasMessageContainingAll(
            "evaluation.json is damaged", "submit/sparkvae evaluate --run-id one --output file:")
        .hasMessageNotContaining("\n");
    assertThat(output.resolve("one/report.html")).doesNotExist();
  }
}
