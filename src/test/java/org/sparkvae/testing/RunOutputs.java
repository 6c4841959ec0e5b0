package org.sparkvae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.sparkvae.training.History;

/**
 * Digests of the files of a run. They ignore everything that differs between two runs of the same
 * command: start time, directory, speed, and the names and layout of Parquet files.
 */
public final class RunOutputs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TIME_FIELDS = List.of("seconds", "examples_per_second");

  private static final String RUNS_DIRECTORY = "/[^ \"<]*/runs\\b";

  private RunOutputs() {}

  /**
   * Maps each file to its digest and {@code evaluation.json} to its content. All Parquet files have
   * one digest of their rows. Asserts that recorded checksums are correct.
   */
  public static Map<String, String> of(Path run) throws Exception {
    Map<String, String> outputs = new TreeMap<>();
    try (Stream<Path> all = Files.walk(run)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString();
        if (name.endsWith("SHA256SUMS")) {
          assertChecksumsMatch(file);
        } else if (!name.startsWith("reconstructions")) {
          // The content shows which metric differs; a digest would not.
          outputs.put(
              name,
              name.equals("evaluation.json")
                  ? Files.readString(file)
                  : DigestUtils.sha256Hex(content(file)));
        }
      }
    }
    if (Files.exists(run.resolve("reconstructions"))) {
      outputs.put("reconstructions", rows(run.resolve("reconstructions")));
    }
    return outputs;
  }

  private static byte[] content(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.UTF_8);
    String normalized =
        switch (file.getFileName().toString()) {
          case "history.csv" -> String.join("\n", epochs(text));
          case "state.json", "provenance.json" -> withoutTimes(text).replaceAll(RUNS_DIRECTORY, "");
          case "report.html" ->
              text.replaceAll("(?s)<section id=\"speed\">.*?</section>", "")
                  // The last two columns of the table of epochs are times.
                  .replaceAll("(<tr><th scope=\"row\">\\d+</th>(<td>[^<]*</td>){6}).*", "$1")
                  .replaceAll("(<th scope=\"row\">started</th><td>)[^<]*", "$1")
                  .replaceAll(RUNS_DIRECTORY, "");
          default -> null;
        };
    return normalized == null ? bytes : normalized.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns when each file and directory below a directory was modified. */
  public static Map<Path, FileTime> modificationTimes(Path directory) throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  /** Returns the complete lines of the history without times; empty if there is no history. */
  public static List<String> epochs(Path run) throws IOException {
    Path history = run.resolve("history.csv");
    return Files.exists(history) ? epochs(Files.readString(history)) : List.of();
  }

  private static List<String> epochs(String history) {
    return History.parse(history.substring(0, history.lastIndexOf('\n') + 1)).stream()
        .map(epoch -> withoutTimes(JSON.valueToTree(epoch).toString()))
        .toList();
  }

  private static String withoutTimes(String json) {
    try {
      JsonNode tree = JSON.readTree(json);
      for (JsonNode parent : tree.findParents("seconds")) {
        ((ObjectNode) parent).remove(TIME_FIELDS);
      }
      ((ObjectNode) tree).remove(TIME_FIELDS);
      ((ObjectNode) tree).remove("started");
      return tree.toString();
    } catch (IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static void assertChecksumsMatch(Path checksums) throws IOException {
    for (String line : Files.readAllLines(checksums)) {
      String[] checksumAndName = line.split("  ", 2);
      Path file = checksums.resolveSibling(checksumAndName[1]);
      assertThat(DigestUtils.sha256Hex(Files.readAllBytes(file)))
          .as(line)
          .isEqualTo(checksumAndName[0]);
    }
  }

  private static String rows(Path reconstructions) throws SQLException {
    return digest(
        reconstructions + "/*/*.parquet",
        "split, image_id, label, hex(original), reconstruction::VARCHAR, bce, kl");
  }

  /** Returns a digest of all images of the only table in a directory of tables. */
  public static String images(Path tables) throws SQLException {
    return digest(tables + "/*/*/*.parquet", "split, image_id, label, hex(pixels)");
  }

  private static String digest(String files, String columns) throws SQLException {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet digest =
            statement.executeQuery(
                "SELECT count(*) || ' ' || sha256(string_agg(concat_ws(' ', %s), ';' ORDER BY split, image_id)) FROM read_parquet('%s', hive_partitioning=true)"
                    .formatted(columns, files))) {
      assertThat(digest.next()).isTrue();
      return digest.getString(1);
    }
  }
}
