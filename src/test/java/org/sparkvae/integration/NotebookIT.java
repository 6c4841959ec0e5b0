package org.sparkvae.integration;

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
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.FinishedRun;
import org.sparkvae.testing.Notebook;

/** Executes {@code notebooks/reconstructions.ipynb} in Jupyter with the Java kernel. */
@CompleteBuild
class NotebookIT {
  private static final Path NOTEBOOK = Path.of("notebooks/reconstructions.ipynb");
  private static final String LOCAL_DIRECTORY = "(/root|/home|/tmp|/work|/Users)/";

  @TempDir static Path directory;
  private static Notebook executed;

  @BeforeAll
  @Timeout(420)
  static void execute() throws Exception {
    assumeTrue(Notebook.canExecute(directory), "jupyter-nbconvert is not installed");
    Path run = FinishedRun.copyTo(directory.resolve("runs"));
    Files.move(run, run.resolveSibling("one"));
    createBetterRun(run.resolveSibling("one"), run.resolveSibling("five"));
    Notebook.installKernel(directory);
    executed = Notebook.execute(NOTEBOOK, directory, directory.resolve("runs"));
  }

  /** Creates a second run in which the cross-entropy of every image is halved. */
  private static void createBetterRun(Path run, Path better) throws Exception {
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

  /** Returns the rows of the n-th table, without the header. */
  private static List<List<String>> table(int n) {
    List<List<String>> table = executed.tables().get(n);
    return table.subList(1, table.size());
  }

  private static <T> List<T> query(String sql, RowMapper<T> mapper) throws SQLException {
    List<T> values = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows =
            statement.executeQuery(
                sql.formatted(directory.resolve("runs/five/reconstructions/split=test")))) {
      while (rows.next()) {
        values.add(mapper.map(rows));
      }
    }
    return values;
  }

  @FunctionalInterface
  private interface RowMapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  @Test
  void findsTheHardestImages() throws SQLException {
    assertThat(table(0)).extracting(row -> row.get(1)).containsExactly("120", "120");
    assertThat(table(1))
        .extracting(row -> row.get(0))
        .containsExactlyElementsOf(
            query(
                "SELECT image_id FROM '%s/*.parquet' ORDER BY bce DESC, image_id LIMIT 10",
                row -> row.getString(1)));
  }

  @Test
  void sortsDigitsByMeanCrossEntropy() {
    assertThat(table(2)).hasSize(10);
    assertThat(table(2).stream().mapToInt(row -> Integer.parseInt(row.get(1))).sum())
        .isEqualTo(FinishedRun.IMAGES);
    assertThat(table(2).stream().map(row -> Double.parseDouble(row.get(2))))
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void rendersImagesFromParquet() throws Exception {
    List<byte[]> zeros =
        query(
            "SELECT original FROM '%s/*.parquet' WHERE label = 0 ORDER BY bce, image_id",
            row -> row.getBytes(1));
    byte[] median = zeros.get((zeros.size() - 1) / 2);
    BufferedImage image = executed.images().get(0);
    assertThat(image.getWidth()).isEqualTo(10 * 28 * 2);
    assertThat(image.getHeight()).isEqualTo(3 * 28 * 2);
    for (int pixel = 0; pixel < median.length; pixel++) {
      assertThat(image.getRaster().getSample(pixel % 28 * 2, pixel / 28 * 2, 0))
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

  /** The committed outputs are those of other runs, so only their shape can be compared. */
  @Test
  void committedOutputsHaveTheSameShape() throws Exception {
    Notebook committed = Notebook.read(NOTEBOOK);
    assertThat(committed.tables()).hasSameSizeAs(executed.tables());
    for (int n = 0; n < committed.tables().size(); n++) {
      List<List<String>> table = executed.tables().get(n);
      assertThat(committed.tables().get(n)).hasSameSizeAs(table);
      assertThat(committed.tables().get(n).get(0)).isEqualTo(table.get(0));
    }
    assertThat(committed.tables().get(0)).extracting(row -> row.get(1)).contains("60000");
    assertThat(committed.images()).hasSameSizeAs(executed.images());
    for (int n = 0; n < committed.images().size(); n++) {
      BufferedImage image = executed.images().get(n);
      assertThat(committed.images().get(n).getWidth()).isEqualTo(image.getWidth());
      assertThat(committed.images().get(n).getHeight()).isEqualTo(image.getHeight());
    }
    assertThat(Files.readString(NOTEBOOK)).doesNotContainPattern(LOCAL_DIRECTORY);
  }
}
