package org.sparkvae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.duckdb.DuckDBDriver;

/** The code cells of a notebook and their outputs. */
public final class Notebook {
  /**
   * On two busy cores, one in five starts of the kernel hangs, because of a race in its main loop.
   */
  private static final int MAX_STARTS = 6;

  private static final String START_TIMEOUT = "Kernel didn't respond";

  private final List<JsonNode> cells;

  private Notebook(List<JsonNode> cells) {
    this.cells = cells;
  }

  public static Notebook read(Path file) throws IOException {
    JsonNode cells = new ObjectMapper().readTree(file.toFile()).get("cells");
    return new Notebook(
        StreamSupport.stream(cells.spliterator(), false)
            .filter(cell -> cell.get("cell_type").asText().equals("code"))
            .toList());
  }

  /** Returns whether Jupyter is installed. */
  public static boolean canExecute(Path directory) throws Exception {
    return call(directory, Map.of(), "jupyter", "nbconvert", "--version") == 0;
  }

  /**
   * Executes a notebook with the kernel in a directory, and returns the result, also stored there.
   */
  public static Notebook execute(Path notebook, Path directory, Path runs) throws Exception {
    Map<String, String> environment =
        Map.of(
            "JUPYTER_PATH", directory.resolve(".local/share/jupyter").toString(),
            "HOME", directory.toString(),
            "SPARKVAE_OUTPUT", runs.toString());
    int code = -1;
    for (int start = 0;
        start == 0 || (start < MAX_STARTS && output(directory).contains(START_TIMEOUT));
        start++) {
      code =
          call(
              directory,
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
              notebook.toString());
    }
    assertThat(code).as(output(directory)).isZero();
    return read(directory.resolve(notebook.getFileName()));
  }

  /** Installs the Java kernel with the two commands in docs/guide/reading-parquet.md. */
  public static void installKernel(Path home) throws Exception {
    List<String> commands =
        Files.readAllLines(Path.of("docs/guide/reading-parquet.md")).stream()
            .filter(line -> line.matches("(mvn dependency:copy|java -jar) .*jupyter-kernel.*"))
            .toList();
    assertThat(commands).hasSize(2);
    for (String command : commands) {
      Map<String, String> environment =
          command.startsWith("java") ? Map.of("JDK_JAVA_OPTIONS", "-Duser.home=" + home) : Map.of();
      assertThat(call(home, environment, command.split(" ", -1))).as(output(home)).isZero();
    }
    // Point the kernel to the local Maven repository, where the build has stored DuckDB.
    URI jar = DuckDBDriver.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path repository = Path.of(jar).resolve("../../../../..").normalize();
    Path kernel = home.resolve(".local/share/jupyter/kernels/rapaio-jupyter-kernel/kernel.json");
    assertThat(kernel).content().contains("\"mima_cache\"");
    Files.writeString(
        kernel, Files.readString(kernel).replace("\"mima_cache\"", "\"" + repository + "\""));
  }

  private static int call(Path directory, Map<String, String> environment, String... command)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output.txt").toFile());
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException notInstalled) {
      return -1;
    }
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    assertThat(ended).as(output(directory)).isTrue();
    return process.exitValue();
  }

  private static String output(Path directory) throws IOException {
    return Files.readString(directory.resolve("output.txt"));
  }

  /** Returns the outputs of a MIME type, in order. */
  private List<JsonNode> outputs(String mimeType) {
    return cells.stream()
        .flatMap(cell -> StreamSupport.stream(cell.get("outputs").spliterator(), false))
        .map(output -> output.path("data").get(mimeType))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Returns the tables as lists of rows; the first row is the header. */
  public List<List<List<String>>> tables() {
    return outputs("text/html").stream().map(Notebook::table).toList();
  }

  private static List<List<String>> table(JsonNode lines) {
    return StreamSupport.stream(lines.spliterator(), false)
        .flatMap(line -> Arrays.stream(line.asText().split("<tr>")))
        .filter(row -> row.contains("</t"))
        .map(
            row ->
                Pattern.compile("<t[dh]>(.*?)</t[dh]>")
                    .matcher(row)
                    .results()
                    .map(cell -> cell.group(1))
                    .toList())
        .filter(row -> !row.isEmpty())
        .toList();
  }

  public List<BufferedImage> images() throws IOException {
    List<BufferedImage> images = new ArrayList<>();
    for (JsonNode output : outputs("image/png")) {
      byte[] png = Base64.getMimeDecoder().decode(output.asText());
      images.add(ImageIO.read(new ByteArrayInputStream(png)));
    }
    return images;
  }
}
