package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The list of all that the job brings along, and of what is known against any of it. */
@Timeout(60)
class SbomIT {
  @TempDir Path database;

  @Test
  void listsEveryJarByItsSum() throws Exception {
    List<String> sums = new ArrayList<>();
    JsonNode sbom = new ObjectMapper().readTree(Path.of("target/spark-vae-sbom.json").toFile());
    for (JsonNode component : sbom.get("components")) {
      for (JsonNode hash : component.get("hashes")) {
        if (hash.get("alg").asText().equals("SHA-256")) {
          sums.add(hash.get("content").asText());
        }
      }
    }
    try (Stream<Path> ours = Files.list(Path.of("target/lib"));
        Stream<Path> sparks = Files.list(Path.of("target/spark/jars"))) {
      assertThat(sums)
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(ours, sparks).map(SbomIT::sum).distinct().toList());
    }
  }

  private static String sum(Path jar) {
    try {
      return DigestUtils.sha256Hex(Files.readAllBytes(jar));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void isMatchedWithKnownVulnerabilities() throws Exception {
    advisory("before", "Maven", "info.picocli:picocli", "0", "4.10");
    advisory("mended", "Maven", "info.picocli:picocli", "0", "4.7.7");
    advisory("later", "Maven", "info.picocli:picocli", "4.7.8", "4.10");
    advisory("elsewhere", "npm", "info.picocli:picocli", "0", "4.10");
    advisory("milestone", "Maven", "org.nd4j:nd4j-api", "1.0.0-M2", "1.0.0");
    advisory("netty", "Maven", "io.netty:netty-common", "4.1.9.Final", "4.1.115");
    Process script =
        PythonInterpreter.command("bench/vulnerabilities.py", database.toString()).start();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said.lines().filter(line -> line.startsWith("| HIGH")))
        .containsExactly(
            "| HIGH | info.picocli:picocli 4.7.7 | before | 4.10 | Words. |",
            "| HIGH | io.netty:netty-common 4.1.96.Final | netty | 4.1.115 | Words. |",
            "| HIGH | org.nd4j:nd4j-api 1.0.0-M2.1 | milestone | 1.0.0 | Words. |");
    assertThat(said).contains("6 advisories, the newest of 2024-01-02: 3 findings");
  }

  /** As GitHub's database has them, in parts. */
  private void advisory(String id, String ecosystem, String name, String introduced, String fixed)
      throws IOException {
    Files.writeString(
        database.resolve(id + ".json"),
        """
        {"id": "%s", "published": "2024-01-02T03:04:05Z", "summary": "Words.",
         "affected": [{"package": {"ecosystem": "%s", "name": "%s"}, "ranges":
           [{"type": "ECOSYSTEM", "events": [{"introduced": "%s"}, {"fixed": "%s"}]}]}],
         "database_specific": {"severity": "HIGH"}}
        """
            .formatted(id, ecosystem, name, introduced, fixed));
  }
}
