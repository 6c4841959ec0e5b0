package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code notebooks/reconstructions.ipynb}, by Jupyter, on its Java kernel. */
@Timeout(420)
class NotebookIT {
  private static final Path NOTEBOOK = Path.of("notebooks/reconstructions.ipynb");
  private static final String DIRECTORY_OF_OURS = "(/root|/home|/tmp|/work|/Users)/";

  /** Of its starts on two busy cores one in five hangs: the kernel's loop may end as it begins. */
  private static final int STARTS = 6;

  @TempDir static Path directory;
  private static List<JsonNode> outputs;

  @BeforeAll
  static void execute() throws Exception {
    assumeTrue(
        call(Map.of(), "jupyter", "nbconvert", "--version") == 0,
        "jupyter-nbconvert is not installed");
    Path first = FinishedRun.copyTo(directory.resolve("runs"));
    Files.move(first, first.resolveSibling("first"));
    makeBetter(first.resolveSibling("first"), first.resolveSibling("five"));
    installKernel();
    Map<String, String> environment =
        Map.of(
            "JUPYTER_PATH",
            directory.resolve(".local/share/jupyter").toString(),
            "HOME",
            directory.toString(),
            "SPARKVAE_OUTPUT",
            directory.resolve("runs").toString());
    int code = -1;
    for (int start = 0; start < STARTS && code != 0; start++) {
      code =
          call(
              environment,
              "jupyter",
              "nbconvert",
              "--to",
              "notebook",
              "--execute",
              "--ExecutePreprocessor.startup_timeout=15",
              "--ExecutePreprocessor.timeout=60",
              "--output-dir",
              directory.toString(),
              NOTEBOOK.toString());
    }
    assertThat(code).as(said()).isZero();
    outputs = outputs(cells(directory.resolve(NOTEBOOK.getFileName())));
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

  private static void installKernel() throws Exception {
    File[] kernels =
        new File("target/notebook").listFiles((dir, name) -> name.contains("jupyter-kernel"));
    assertThat(kernels).as("made by the build").hasSize(1);
    assertThat(Files.readString(Path.of("docs/reading-parquet.md")))
        .contains("java -jar target/notebook/" + kernels[0].getName() + " -i -auto");
    assertThat(
            call(
                Map.of(),
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Duser.home=" + directory,
                "-jar",
                kernels[0].getPath(),
                "-i",
                "-auto"))
        .as(said())
        .isZero();
    // Where the build has fetched DuckDB to already.
    URI jar = DuckDBDriver.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path repository = Path.of(jar).resolve("../../../../..").normalize();
    Path kernel =
        directory.resolve(".local/share/jupyter/kernels/rapaio-jupyter-kernel/kernel.json");
    Files.writeString(
        kernel, Files.readString(kernel).replace("\"mima_cache\"", "\"" + repository + "\""));
  }

  private static int call(Map<String, String> environment, String... command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said.txt").toFile());
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return -1;
    }
    boolean ended = process.waitFor(3, TimeUnit.MINUTES);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    assertThat(ended).as(said()).isTrue();
    return process.exitValue();
  }

  private static String said() throws IOException {
    return Files.readString(directory.resolve("said.txt"));
  }

  private static List<JsonNode> cells(Path notebook) throws IOException {
    JsonNode cells = new ObjectMapper().readTree(notebook.toFile()).get("cells");
    return StreamSupport.stream(cells.spliterator(), false)
        .filter(cell -> cell.get("cell_type").asText().equals("code"))
        .toList();
  }

  private static List<JsonNode> outputs(List<JsonNode> cells) {
    return cells.stream()
        .flatMap(cell -> StreamSupport.stream(cell.get("outputs").spliterator(), false))
        .filter(output -> output.has("data"))
        .map(output -> output.get("data"))
        .toList();
  }

  /** The cells of the n-th table, row by row, without its head. */
  private static List<List<String>> table(int n) {
    JsonNode lines =
        outputs.stream()
            .map(output -> output.get("text/html"))
            .filter(Objects::nonNull)
            .skip(n)
            .findFirst()
            .orElseThrow();
    return StreamSupport.stream(lines.spliterator(), false)
        .flatMap(line -> Arrays.stream(line.asText().split("<tr>")))
        .filter(row -> row.contains("<td>"))
        .map(
            row ->
                Pattern.compile("<td>(.*?)</td>")
                    .matcher(row)
                    .results()
                    .map(cell -> cell.group(1))
                    .toList())
        .toList();
  }

  private static List<BufferedImage> pictures() throws IOException {
    List<BufferedImage> pictures = new ArrayList<>();
    for (JsonNode output : outputs) {
      if (output.has("image/png")) {
        byte[] png = Base64.getMimeDecoder().decode(output.get("image/png").asText());
        pictures.add(ImageIO.read(new ByteArrayInputStream(png)));
      }
    }
    return pictures;
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
    assertThat(pictures()).hasSize(2);
    List<byte[]> zeros =
        rows(
            "SELECT original FROM '%s/*.parquet' WHERE label = 0 ORDER BY bce, image_id",
            row -> row.getBytes(1));
    byte[] median = zeros.get((zeros.size() - 1) / 2);
    BufferedImage picture = pictures().get(0);
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

  @Test
  void isCommittedWithTheOutputsOfItsCode() throws IOException {
    List<JsonNode> committed = cells(NOTEBOOK);
    List<JsonNode> executed = cells(directory.resolve(NOTEBOOK.getFileName()));
    assertThat(committed)
        .extracting(NotebookIT::shape)
        .containsExactlyElementsOf(executed.stream().map(NotebookIT::shape).toList());
    assertThat(Files.readString(NOTEBOOK)).doesNotContainPattern(DIRECTORY_OF_OURS);
  }

  /** What kinds of output there are, but for the messages of the kernel. */
  private static List<String> shape(JsonNode cell) {
    return Stream.concat(
            Stream.of(cell.get("source").toString()),
            outputs(List.of(cell)).stream().map(data -> data.fieldNames().next()))
        .toList();
  }
}
