package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit/gpu-discovery.sh} with an nvidia-smi that says what real ones say. */
@Timeout(60)
class GpuDiscoveryTest {
  @TempDir Path directory;

  private record Said(int code, String output, String errors) {}

  private Said discover(String smi, int smiCode) throws Exception {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    for (String tool : new String[] {"bash", "env", "hostname", "cat"}) {
      // A PATH of their own, so that no nvidia-smi of this machine is on it.
      Files.copy(
          Path.of("/usr/bin").resolve(tool), bin.resolve(tool), StandardCopyOption.COPY_ATTRIBUTES);
    }
    if (smi != null) {
      Files.writeString(directory.resolve("smi.txt"), smi);
      Path program =
          Files.writeString(
              bin.resolve("nvidia-smi"),
              "#!/usr/bin/env bash\ncat '%s'\nexit %d\n"
                  .formatted(directory.resolve("smi.txt"), smiCode));
      assertThat(program.toFile().setExecutable(true)).isTrue();
    }
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", "submit/gpu-discovery.sh");
    builder.environment().put("PATH", bin.toString());
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Said(
        process.exitValue(),
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void cardsAreAddresses() throws Exception {
    Said said = discover("0, Disabled\n1, [N/A]\n10, Disabled\n", 0);
    assertThat(said.code()).isZero();
    assertThat(said.errors()).isEmpty();
    assertThat(new ObjectMapper().readTree(said.output()))
        .isEqualTo(
            new ObjectMapper()
                .readTree("{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\", \"10\"]}"));
  }

  @Test
  void aCardInMigModeIsLeftOut() throws Exception {
    Said said = discover("0, Enabled\n1, Disabled\n", 0);
    assertThat(said.output()).contains("[\"1\"]");
    assertThat(said.errors()).contains("card 0", "MIG mode");
    assertThat(discoverAgain("0, Enabled\n").code()).isEqualTo(1);
  }

  private Said discoverAgain(String smi) throws Exception {
    org.apache.commons.io.FileUtils.deleteDirectory(directory.resolve("bin").toFile());
    return discover(smi, 0);
  }

  @Test
  void withoutADriverItSaysSo() throws Exception {
    Said said = discover(null, 0);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.output()).isEmpty();
    assertThat(said.errors().lines()).singleElement().asString().contains("no nvidia-smi");
  }

  @Test
  void whatNvidiaSmiComplainsOfIsPassedOn() throws Exception {
    Said said =
        discover(
            "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n",
            9);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.errors().lines())
        .singleElement()
        .asString()
        .contains("couldn't communicate with the NVIDIA driver");
    assertThat(discoverAgain("No devices were found\n").errors()).contains("no card on");
  }
}
