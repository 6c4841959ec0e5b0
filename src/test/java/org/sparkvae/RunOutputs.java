package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * All that a run has left, file by file, without what differs between two runs of the same command:
 * when it was begun, where it lies, how fast it was, and the names and layout of Parquet files.
 */
final class RunOutputs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SPEEDS = List.of("seconds", "examples_per_second");

  private static final String PLACE = "/[^ \"<]*/runs\\b";

  private RunOutputs() {}

  /** Digests by the file's name, of Parquet one for all rows; of the metrics themselves. */
  static Map<String, String> of(Path run) throws Exception {
    Map<String, String> outputs = new TreeMap<>();
    try (Stream<Path> all = Files.walk(run)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString();
        if (name.endsWith("SHA256SUMS")) {
          assertSumsHold(file);
        } else if (!name.startsWith("reconstructions")) {
          // Which metric differs is to be seen where one does.
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
    String timeless =
        switch (file.getFileName().toString()) {
          case "history.csv" -> String.join("\n", epochs(text));
          case "state.json", "provenance.json" -> withoutTimes(text).replaceAll(PLACE, "");
          case "report.html" ->
              text.replaceAll("(?s)<section id=\"speed\">.*?</section>", "")
                  // The last two columns of the table of epochs.
                  .replaceAll("(<tr><th scope=\"row\">\\d+</th>(<td>[^<]*</td>){6}).*", "$1")
                  .replaceAll("(<th scope=\"row\">started</th><td>)[^<]*", "$1")
                  .replaceAll(PLACE, "");
          default -> null;
        };
    return timeless == null ? bytes : timeless.getBytes(StandardCharsets.UTF_8);
  }

  /** The history's whole lines; none where there is no history. */
  static List<String> epochs(Path run) throws IOException {
    Path history = run.resolve("history.csv");
    return Files.exists(history) ? epochs(Files.readString(history)) : List.of();
  }

  private static List<String> epochs(String history) {
    return History.parse(history.substring(0, history.lastIndexOf('\n') + 1)).stream()
        .map(each -> withoutTimes(JSON.valueToTree(each).toString()))
        .toList();
  }

  private static String withoutTimes(String json) {
    try {
      JsonNode tree = JSON.readTree(json);
      for (JsonNode parent : tree.findParents("seconds")) {
        ((ObjectNode) parent).remove(SPEEDS);
      }
      ((ObjectNode) tree).remove(SPEEDS);
      ((ObjectNode) tree).remove("started");
      return tree.toString();
    } catch (IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static void assertSumsHold(Path sums) throws IOException {
    for (String line : Files.readAllLines(sums)) {
      String[] sumAndName = line.split("  ", 2);
      assertThat(DigestUtils.sha256Hex(Files.readAllBytes(sums.resolveSibling(sumAndName[1]))))
          .as(line)
          .isEqualTo(sumAndName[0]);
    }
  }

  private static String rows(Path reconstructions) throws SQLException {
    return digest(
        reconstructions + "/*/*.parquet",
        "split, image_id, label, hex(original), reconstruction::VARCHAR, bce, kl");
  }

  /** A digest of all images of the only table in the folder of tables. */
  static String images(Path tables) throws SQLException {
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
