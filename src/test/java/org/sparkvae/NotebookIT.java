package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code notebooks/reconstructions.ipynb}, by Jupyter, on its Java kernel. */
class NotebookIT {
  private static final Path NOTEBOOK = Path.of("notebooks/reconstructions.ipynb");
  private static final String DIRECTORY_OF_OURS = "(/root|/home|/tmp|/work|/Users)/";

  @TempDir static Path directory;
  private static Notebook executed;

  @BeforeAll
  @Timeout(420)
  static void execute() throws Exception {
    assumeTrue(Notebook.canExecute(directory), "jupyter-nbconvert is not installed");
    Path first = FinishedRun.copyTo(directory.resolve("runs"));
    Files.move(first, first.resolveSibling("first"));
    makeBetter(first.resolveSibling("first"), first.resolveSibling("five"));
    Notebook.installKernel(directory);
    executed = Notebook.execute(NOTEBOOK, directory, directory.resolve("runs"));
  }

  /** A second run, every image of which cost half as much. */
  private static void makeBetter(Path run, Path better) throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      for (String split : List.of("train", "test")) {
        Path target = Files.createDirectories(better.resolve("reconstructions/split=" + split));
        statement.execute(
            """
            COPY (SELECT * REPLACE (bce / 2 AS bce)
                  FROM read_parquet('%s/reconstructions/split=%s/*.parquet', hive_partitioning = false))
            TO '%s/part.parquet'"""
                .formatted(run, split, target));
      }
    }
  }

  /** The rows of the n-th table. */
  private static List<List<String>> table(int n) {
    List<List<String>> table = executed.tables().get(n);
    return table.subList(1, table.size());
  }

  private static <T> List<T> rows(String sql, Reading<T> reading) throws SQLException {
    List<T> read = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows =
            statement.executeQuery(
                sql.formatted(directory.resolve("runs/five/reconstructions/split=test")))) {
      while (rows.next()) {
        read.add(reading.of(rows));
      }
    }
    return read;
  }

  @FunctionalInterface
  private interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  @Test
  void findsTheHardestImages() throws SQLException {
    assertThat(table(0)).extracting(row -> row.get(1)).containsExactly("300", "300");
    assertThat(table(1))
        .extracting(row -> row.get(0))
        .containsExactlyElementsOf(
            rows(
                "SELECT image_id FROM '%s/*.parquet' ORDER BY bce DESC, image_id LIMIT 10",
                row -> row.getString(1)));
  }

  @Test
  void saysWhichDigitsAreHard() {
    assertThat(table(2)).hasSize(10);
    assertThat(table(2).stream().mapToInt(row -> Integer.parseInt(row.get(1))).sum())
        .isEqualTo(FinishedRun.IMAGES);
    assertThat(table(2).stream().map(row -> Double.parseDouble(row.get(2))))
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void drawsImagesFromParquet() throws Exception {
    List<byte[]> zeros =
        rows(
            "SELECT original FROM '%s/*.parquet' WHERE label = 0 ORDER BY bce, image_id",
            row -> row.getBytes(1));
    byte[] median = zeros.get((zeros.size() - 1) / 2);
    BufferedImage picture = executed.pictures().get(0);
    assertThat(picture.getWidth()).isEqualTo(10 * 28 * 2);
    assertThat(picture.getHeight()).isEqualTo(3 * 28 * 2);
    for (int pixel = 0; pixel < median.length; pixel++) {
      assertThat(picture.getRaster().getSample(pixel % 28 * 2, pixel / 28 * 2, 0))
          .isEqualTo(median[pixel] & 255);
    }
  }

  @Test
  void joinsTwoRuns() {
    assertThat(table(3)).hasSize(10);
    for (List<String> row : table(3)) {
      assertThat(Double.parseDouble(row.get(1)) / Double.parseDouble(row.get(2)))
          .isBetween(1.999, 2.001);
      assertThat(row.get(3)).isEqualTo("100.0");
    }
  }

  /** What the tables say is another run's; their shape has to be that of the queries. */
  @Test
  void isCommittedWithTablesAndPicturesOfTheSameShape() throws Exception {
    Notebook committed = Notebook.read(NOTEBOOK);
    assertThat(committed.tables()).hasSameSizeAs(executed.tables());
    for (int n = 0; n < committed.tables().size(); n++) {
      List<List<String>> table = executed.tables().get(n);
      assertThat(committed.tables().get(n)).hasSameSizeAs(table);
      assertThat(committed.tables().get(n).get(0)).isEqualTo(table.get(0));
    }
    assertThat(committed.tables().get(0)).extracting(row -> row.get(1)).contains("60000");
    assertThat(committed.pictures()).hasSameSizeAs(executed.pictures());
    for (int n = 0; n < committed.pictures().size(); n++) {
      BufferedImage picture = executed.pictures().get(n);
      assertThat(committed.pictures().get(n).getWidth()).isEqualTo(picture.getWidth());
      assertThat(committed.pictures().get(n).getHeight()).isEqualTo(picture.getHeight());
    }
    assertThat(Files.readString(NOTEBOOK)).doesNotContainPattern(DIRECTORY_OF_OURS);
  }
}
