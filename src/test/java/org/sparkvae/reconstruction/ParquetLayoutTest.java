package org.sparkvae.reconstruction;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.storage.Storage;

/**
 * Measures how much of the written files is read for one image, for each of the ten digits in turn,
 * and for one column. The test writes four files of 5,000 images and one of 2,000. With {@code
 * -Dlayout.of=DIRECTORY} it measures the files of a run instead.
 */
class ParquetLayoutTest {
  private static final int COUNT = 22_000;
  private static final int TEST_COUNT = 300;

  @TempDir static Path directory;
  private static Path split;
  private static long size;

  @FunctionalInterface
  private interface Query {
    void run() throws Exception;
  }

  @BeforeAll
  static void write() throws Exception {
    String existing = System.getProperty("layout.of");
    if (existing == null) {
      writeNoise();
    }
    split = existing == null ? directory.resolve("reconstructions/split=train") : Path.of(existing);
    try (Stream<Path> files = Files.list(split)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".parquet")).toList()) {
        size += Files.size(file);
      }
    }
  }

  private static void writeNoise() {
    SparkSession spark = LocalSpark.session();
    // Random values do not compress, like those of a model.
    Dataset<Row> rows =
        spark
            .range(0, COUNT + TEST_COUNT, 1, 6)
            .select(
                col("id").cast("int").as("image_id"),
                expr("cast(hash(id) & 1023 as int) % 10").as("label"),
                expr("cast(repeat('x', 784) as binary)").as("original"),
                expr("transform(sequence(1, 784), i -> cast(rand(7) as float))")
                    .as("reconstruction"),
                expr("cast(rand(5) as float)").as("bce"),
                expr("cast(rand(6) as float)").as("kl"));
    ReconstructionWriter.write(
        Storage.at(directory.toString()),
        "reconstructions",
        spark
            .createDataFrame(rows.toJavaRDD(), DataFrameReconstructor.SCHEMA)
            .withColumn("split", expr("IF(image_id < %d, 'train', 'test')".formatted(COUNT)))
            .withColumn("image_id", expr("image_id %% %d".formatted(COUNT))),
        counts(),
        Map.of(),
        partitioned -> partitioned);
  }

  private static Map<String, Integer> counts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    counts.put("train", COUNT);
    counts.put("test", TEST_COUNT);
    return counts;
  }

  /**
   * Checks the bytes read, as a fraction of all bytes written. Takes the least of several attempts,
   * because other threads read too. For the files of a run, the fraction is only printed.
   */
  private static void assertReads(String name, double from, double to, Query query)
      throws Exception {
    long bytes = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      long before = bytesRead();
      query.run();
      bytes = Math.min(bytes, bytesRead() - before);
    }
    double share = (double) bytes / size;
    System.out.printf("%s: %.2f of %.1f MB, %.1f %%%n", name, bytes / 1e6, size / 1e6, 100 * share);
    if (System.getProperty("layout.of") == null) {
      assertThat(share).as(name).isBetween(from, to);
    }
  }

  private static long bytesRead() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/io")).stream()
        .filter(line -> line.startsWith("rchar: "))
        .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void storesARangeOfIdsPerFile() {
    assumeTrue(System.getProperty("layout.of") == null);
    List<Row> files =
        LocalSpark.session()
            .read()
            .parquet(split.toString())
            .groupBy(input_file_name())
            .agg(min("image_id"), max("image_id"), count("image_id"))
            .orderBy("min(image_id)")
            .drop("input_file_name()")
            .collectAsList();
    assertThat(files)
        .containsExactly(
            RowFactory.create(0, 4_999, 5_000L),
            RowFactory.create(5_000, 9_999, 5_000L),
            RowFactory.create(10_000, 14_999, 5_000L),
            RowFactory.create(15_000, 19_999, 5_000L),
            RowFactory.create(20_000, COUNT - 1, 2_000L));
  }

  @Test
  void sortsTheRowsOfAFileByLabelAndId() throws Exception {
    assumeTrue(System.getProperty("layout.of") == null);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet unsorted =
            statement.executeQuery(
                """
                SELECT count(*), count_if(sort_key < previous) FROM (
                  SELECT label * 100000 + image_id AS sort_key, lag(sort_key) OVER (
                    PARTITION BY filename ORDER BY file_row_number) AS previous
                  FROM read_parquet('%s/*/*.parquet', filename = true, file_row_number = true))
                """
                    .formatted(split.getParent()))) {
      assertThat(unsorted.next()).isTrue();
      assertThat(unsorted.getInt(1)).isEqualTo(COUNT + TEST_COUNT);
      assertThat(unsorted.getInt(2)).isZero();
    }
  }

  @Test
  void readsLittleWithSpark() throws Exception {
    Dataset<Row> rows = LocalSpark.session().read().parquet(split.toString());
    assertReads("Spark, image", 0, 0.08, () -> rows.where("image_id = 7003").collectAsList());
    assertReads(
        "Spark, each digit",
        1,
        2.5,
        () -> {
          for (int digit = 0; digit < 10; digit++) {
            rows.where("label = " + digit).foreach(row -> {});
          }
        });
    assertReads("Spark, column", 0, 0.08, () -> rows.select("bce").foreach(row -> {}));
  }

  @Test
  void readsLittleWithDuckDb() throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("SET enable_external_file_cache = false");
      String from = " FROM '%s/*.parquet' WHERE ".formatted(split);
      assertReads(
          "DuckDB, image", 0, 0.08, () -> drain(statement, "SELECT *" + from + "image_id = 7003"));
      assertReads(
          "DuckDB, each digit",
          1,
          2.5,
          () -> {
            for (int digit = 0; digit < 10; digit++) {
              drain(statement, "SELECT *" + from + "label = " + digit);
            }
          });
      assertReads("DuckDB, column", 0, 0.05, () -> drain(statement, "SELECT bce" + from + "true"));
    }
  }

  private static void drain(Statement statement, String query) throws Exception {
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        rows.getObject(1);
      }
    }
  }
}
