package org.sparkvae.reconstruction;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;
import org.sparkvae.storage.Storage;
import org.sparkvae.testing.SmallModels;

class ReconstructionTest {
  private static final int COUNT = 230;

  @TempDir Path directory;
  private final SparkSession spark = LocalSpark.session();
  private final byte[] model = model();

  private static byte[] model() {
    return ModelFile.forInference(SmallModels.untrained());
  }

  private Dataset<Row> reconstruct(Dataset<Row> images) {
    return DataFrameReconstructor.reconstruct(images, model, Latent.SAMPLE, 5);
  }

  private void write(Dataset<Row> images) {
    ReconstructionWriter.write(
        Storage.at(directory.toString()),
        "reconstructions",
        images.withColumn("split", lit("train")),
        Map.of("train", COUNT),
        Map.of("sparkvae.run_id", "r", "sparkvae.model_sha256", "abc", "sparkvae.epoch", "7"),
        partitioned ->
            DataFrameReconstructor.reconstructPartitions(partitioned, model, Latent.SAMPLE, 5));
  }

  @Test
  void doesNotDependOnPartitioning() {
    List<Row> one = reconstruct(TestImages.of(spark, COUNT, 1)).orderBy("image_id").collectAsList();
    List<Row> seven =
        reconstruct(TestImages.of(spark, COUNT, 7)).orderBy("image_id").collectAsList();
    assertThat(one).hasSize(COUNT);
    for (int i = 0; i < COUNT; i++) {
      assertThat(one.get(i).getInt(0)).isEqualTo(i);
      assertThat(one.get(i).<Float>getList(3)).isEqualTo(seven.get(i).<Float>getList(3));
      assertThat(one.get(i).getFloat(4)).isEqualTo(seven.get(i).getFloat(4));
      assertThat(one.get(i).getFloat(5)).isEqualTo(seven.get(i).getFloat(5));
    }
  }

  @Test
  void writesColumnsMetadataAndValuesReadableByDuckDb() throws SQLException, IOException {
    write(TestImages.of(spark, COUNT, 3));
    String files = directory.resolve("reconstructions") + "/*/*.parquet";
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      Map<String, String> columns = new HashMap<>();
      try (ResultSet rows =
          statement.executeQuery(
              "DESCRIBE SELECT * FROM read_parquet('" + files + "', hive_partitioning=true)")) {
        while (rows.next()) {
          columns.put(rows.getString("column_name"), rows.getString("column_type"));
        }
      }
      assertThat(columns)
          .containsOnly(
              Map.entry("image_id", "INTEGER"),
              Map.entry("label", "INTEGER"),
              Map.entry("original", "BLOB"),
              Map.entry("reconstruction", "FLOAT[]"),
              Map.entry("bce", "FLOAT"),
              Map.entry("kl", "FLOAT"),
              Map.entry("split", "VARCHAR"));

      Map<String, String> metadata = new HashMap<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT DISTINCT decode(key) k, decode(value) v FROM parquet_kv_metadata('"
                  + files
                  + "')")) {
        while (rows.next()) {
          metadata.put(rows.getString("k"), rows.getString("v"));
        }
      }
      assertThat(metadata)
          .containsEntry("sparkvae.run_id", "r")
          .containsEntry("sparkvae.model_sha256", "abc")
          .containsEntry("sparkvae.epoch", "7");

      try (ResultSet rows =
          statement.executeQuery(
              "SELECT count(*), count(DISTINCT image_id), min(len(reconstruction)),"
                  + " max(len(reconstruction)), min(list_min(reconstruction)),"
                  + " max(list_max(reconstruction)), min(octet_length(original)),"
                  + " bool_and(label = image_id % 10) FROM read_parquet('"
                  + files
                  + "')")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(COUNT);
        assertThat(rows.getInt(2)).isEqualTo(COUNT);
        assertThat(rows.getInt(3)).isEqualTo(784);
        assertThat(rows.getInt(4)).isEqualTo(784);
        assertThat(rows.getFloat(5)).isBetween(0f, 1f);
        assertThat(rows.getFloat(6)).isBetween(0f, 1f);
        assertThat(rows.getInt(7)).isEqualTo(784);
        assertThat(rows.getBoolean(8)).isTrue();
      }
    }
  }

  @Test
  void namesOfFilesDoNotDependOnTheJob() {
    write(TestImages.of(spark, COUNT, 3));
    Storage files = Storage.at(directory.resolve("reconstructions/split=train").toString());
    List<String> first = files.list();

    write(TestImages.of(spark, COUNT, 5));

    assertThat(files.list())
        .isEqualTo(first)
        .allMatch(name -> name.matches("part-\\d{5}\\.c000\\.[a-z]+\\.parquet"));
  }

  @Test
  void rejectsAMissingImage() throws IOException {
    Dataset<Row> images = TestImages.of(spark, COUNT, 3);
    assertThatThrownBy(() -> write(images.where("image_id <> 50")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("found %d images, expected %d", COUNT - 1, COUNT);
    assertDirectoryIsEmpty();
  }

  @Test
  void rejectsADuplicateImage() throws IOException {
    Dataset<Row> images = TestImages.of(spark, COUNT, 3);
    Dataset<Row> duplicated = images.where("image_id <> 50").union(images.where("image_id = 51"));
    assertThatThrownBy(() -> write(duplicated))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(COUNT - 1 + " distinct");
    assertDirectoryIsEmpty();
  }

  private void assertDirectoryIsEmpty() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      assertThat(entries).isEmpty();
    }
  }
}
