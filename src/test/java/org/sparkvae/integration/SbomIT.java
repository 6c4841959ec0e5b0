package org.sparkvae.integration;

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
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.PythonInterpreter;

/** Tests the software bill of materials and its check against known vulnerabilities. */
@CompleteBuild
@Timeout(60)
class SbomIT {
  @TempDir Path database;

  @Test
  void listsEveryJarWithItsChecksum() throws Exception {
    List<String> checksums = new ArrayList<>();
    JsonNode sbom = new ObjectMapper().readTree(Path.of("target/spark-vae-sbom.json").toFile());
    for (JsonNode component : sbom.get("components")) {
      for (JsonNode hash : component.get("hashes")) {
        if (hash.get("alg").asText().equals("SHA-256")) {
          checksums.add(hash.get("content").asText());
        }
      }
    }
    try (Stream<Path> jobJars = Files.list(Path.of("target/lib"));
        Stream<Path> sparkJars = Files.list(Path.of("target/spark/jars"))) {
      assertThat(checksums)
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(jobJars, sparkJars).map(SbomIT::checksum).distinct().toList());
    }
  }

  private static String checksum(Path jar) {
    try {
      return DigestUtils.sha256Hex(Files.readAllBytes(jar));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void reportsKnownVulnerabilities() throws Exception {
    writeAdvisory("before", "Maven", "info.picocli:picocli", "0", "4.10");
    writeAdvisory("fixed", "Maven", "info.picocli:picocli", "0", "4.7.7");
    writeAdvisory("later", "Maven", "info.picocli:picocli", "4.7.8", "4.10");
    writeAdvisory("elsewhere", "npm", "info.picocli:picocli", "0", "4.10");
    writeAdvisory("milestone", "Maven", "org.nd4j:nd4j-api", "1.0.0-M2", "1.0.0");
    writeAdvisory("netty", "Maven", "io.netty:netty-common", "4.1.9.Final", "4.1.115");
    Process script =
        PythonInterpreter.command("bench/vulnerabilities.py", database.toString()).start();
    String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(output.lines().filter(line -> line.startsWith("| HIGH")))
        .containsExactly(
            "| HIGH | info.picocli:picocli 4.7.7 | before | 4.10 | Summary. |",
            "| HIGH | io.netty:netty-common 4.1.96.Final | netty | 4.1.115 | Summary. |",
            "| HIGH | org.nd4j:nd4j-api 1.0.0-M2.1 | milestone | 1.0.0 | Summary. |");
    assertThat(output).contains("6 advisories (newest: 2024-01-02), 3 findings");
  }

  /** Writes an advisory with the fields of the GitHub Advisory Database that the script reads. */
  private void writeAdvisory(
      String id, String ecosystem, String name, String introduced, String fixed)
      throws IOException {
    Files.writeString(
        database.resolve(id + ".json"),
        """
        {"id": "%s", "published": "2024-01-02T03:04:05Z", "summary": "Summary.",
         "affected": [{"package": {"ecosystem": "%s", "name": "%s"}, "ranges":
           [{"type": "ECOSYSTEM", "events": [{"introduced": "%s"}, {"fixed": "%s"}]}]}],
         "database_specific": {"severity": "HIGH"}}
        """
            .formatted(id, ecosystem, name, introduced, fixed));
  }
}
