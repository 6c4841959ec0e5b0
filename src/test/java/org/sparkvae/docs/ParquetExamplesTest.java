package org.sparkvae.docs;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.reconstruction.ReconstructionWriter;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;
import org.sparkvae.storage.Storage;
import org.sparkvae.testing.ParquetExamples;
import org.sparkvae.testing.SmallModels;

/** Runs the examples of {@code docs/guide/reading-parquet.md} on reconstructions. */
class ParquetExamplesTest {
  private static final int COUNT = 150;

  @TempDir static Path directory;
  private static Map<Integer, Double> expected;

  @BeforeAll
  static void writeReconstructions() {
    SparkSession spark = LocalSpark.session();
    Dataset<Row> images = TestImages.of(spark, COUNT, 3);
    byte[] model = ModelFile.forInference(SmallModels.untrained());
    ReconstructionWriter.write(
        Storage.at(directory.resolve("runs/first").toString()),
        "reconstructions",
        images
            .withColumn("split", lit("train"))
            .unionByName(images.withColumn("split", lit("test"))),
        Map.of("train", COUNT, "test", COUNT),
        Map.of("sparkvae.run_id", "first", "sparkvae.model_sha256", "abc"),
        partitioned ->
            DataFrameReconstructor.reconstructPartitions(partitioned, model, Latent.SAMPLE, 5));
    expected = new LinkedHashMap<>();
    DataFrameReconstructor.reconstruct(images, model, Latent.SAMPLE, 5)
        .groupBy("label")
        .agg(org.apache.spark.sql.functions.avg("bce").as("bce"))
        .orderBy(org.apache.spark.sql.functions.col("bce").desc())
        .collectAsList()
        .forEach(row -> expected.put(row.getInt(0), row.getDouble(1)));
  }

  private static List<String> codeBlocks(String language) throws Exception {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Path.of("docs/guide/reading-parquet.md")))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }

  private static String withRun(String query) {
    return withRun(directory.resolve("runs/first"), query);
  }

  private static String withRun(Path run, String query) {
    return query.replace("runs/first", run.toString());
  }

  private static void assertExpected(Map<Integer, Double> means) {
    assertThat(means.keySet()).containsExactlyElementsOf(expected.keySet());
    means.forEach((label, mean) -> assertThat(mean).isCloseTo(expected.get(label), within(1e-6)));
  }

  @Test
  void duckDb() throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      Map<Integer, Double> means = new LinkedHashMap<>();
      try (ResultSet rows = statement.executeQuery(withRun(codeBlocks("sql").get(0)))) {
        while (rows.next()) {
          means.put(rows.getInt(1), rows.getDouble(2));
        }
      }
      assertExpected(means);

      Map<String, String> footer = new LinkedHashMap<>();
      try (ResultSet rows = statement.executeQuery(withRun(codeBlocks("sql").get(2)))) {
        while (rows.next()) {
          footer.put(rows.getString(1), rows.getString(2));
        }
      }
      assertThat(footer)
          .containsEntry("sparkvae.run_id", "first")
          .containsEntry("sparkvae.model_sha256", "abc");
    }
  }

  @Test
  void sparkSql() throws Exception {
    Map<Integer, Double> means = new LinkedHashMap<>();
    LocalSpark.session()
        .sql(withRun(codeBlocks("sql").get(1)))
        .collectAsList()
        .forEach(row -> means.put(row.getInt(0), row.getDouble(1)));
    assertExpected(means);
  }

  /**
   * The fixture has twenty images of each split, written by the first version that wrote Parquet.
   */
  @Test
  void examplesReadFilesOfTheFirstVersion() throws Exception {
    Path old = Path.of("src/test/resources/reconstructions-of-dd94d61").toAbsolutePath();
    Map<Integer, Double> spark = new TreeMap<>();
    LocalSpark.session()
        .sql(withRun(old, codeBlocks("sql").get(1)))
        .collectAsList()
        .forEach(row -> spark.put(row.getInt(0), row.getDouble(1)));
    // Labels of the first twenty test images of MNIST: 7 2 1 0 4 1 4 9 5 9 0 6 9 0 1 5 9 7 3 4.
    assertThat(spark.keySet()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 9);
    assertThat(
            ParquetExamples.meanCrossEntropyByLabel(
                old.resolve("reconstructions/split=test").toString()))
        .isEqualTo(spark);
    Dataset<Row> both =
        LocalSpark.session()
            .read()
            .schema(DataFrameReconstructor.SCHEMA)
            .parquet(
                old.resolve("reconstructions/split=test").toString(),
                directory.resolve("runs/first/reconstructions/split=test").toString());
    assertThat(both.where("size(reconstruction) = 784 AND kl > 0").count()).isEqualTo(20 + COUNT);
    Storage run = Storage.at(old.toString());
    assertThat(ReconstructionWriter.metadata(run, "reconstructions", "sparkvae.run_id"))
        .contains("old");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(withRun(old, codeBlocks("sql").get(0)))) {
      Map<Integer, Double> means = new TreeMap<>();
      while (rows.next()) {
        means.put(rows.getInt(1), rows.getDouble(2));
      }
      assertThat(means.keySet()).isEqualTo(spark.keySet());
      means.forEach((label, mean) -> assertThat(mean).isCloseTo(spark.get(label), within(1e-9)));
    }
  }

  @Test
  void java() throws Exception {
    String source =
        Files.readString(Path.of("src/test/java/org/sparkvae/testing/ParquetExamples.java"));
    assertThat(source).contains(codeBlocks("java").get(0));
    Map<Integer, Double> means =
        ParquetExamples.meanCrossEntropyByLabel(
            directory.resolve("runs/first/reconstructions/split=test").toString());
    assertThat(means.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    means.forEach((label, mean) -> assertThat(mean).isCloseTo(expected.get(label), within(1e-6)));
  }
}
