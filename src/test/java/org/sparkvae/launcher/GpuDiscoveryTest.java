package org.sparkvae.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.Executable;

/** Tests {@code submit/gpu-discovery.sh} with the recorded output of real nvidia-smi programs. */
@Timeout(60)
class GpuDiscoveryTest {
  @TempDir Path directory;

  private record Result(int code, String output, String errors) {}

  private Result discover(String smiOutput, int smiCode) throws Exception {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    for (String tool : new String[] {"bash", "env", "hostname", "cat"}) {
      // The PATH contains only these tools, so that the script finds no nvidia-smi of this machine.
      Files.createSymbolicLink(bin.resolve(tool), Path.of("/usr/bin").resolve(tool));
    }
    if (smiOutput != null) {
      Files.writeString(directory.resolve("smi.txt"), smiOutput);
      Executable.write(
          bin.resolve("nvidia-smi"),
          "#!/usr/bin/env bash\ncat '%s'\nexit %d\n"
              .formatted(directory.resolve("smi.txt"), smiCode));
    }
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", "submit/gpu-discovery.sh");
    builder.environment().put("PATH", bin.toString());
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Result(
        process.exitValue(),
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void printsGpuIndexesAsAddresses() throws Exception {
    Result result = discover("0, Disabled\n1, [N/A]\n10, Disabled\n", 0);
    assertThat(result.code()).isZero();
    assertThat(result.errors()).isEmpty();
    assertThat(new ObjectMapper().readTree(result.output()))
        .isEqualTo(
            new ObjectMapper()
                .readTree("{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\", \"10\"]}"));
  }

  @Test
  void skipsGpusInMigMode() throws Exception {
    Result result = discover("0, Enabled\n1, Disabled\n", 0);
    assertThat(result.output()).contains("[\"1\"]");
    assertThat(result.errors()).contains("GPU 0: skipped", "MIG mode");
    assertThat(discoverAgain("0, Enabled\n").code()).isEqualTo(1);
  }

  private Result discoverAgain(String smiOutput) throws Exception {
    org.apache.commons.io.FileUtils.deleteDirectory(directory.resolve("bin").toFile());
    return discover(smiOutput, 0);
  }

  @Test
  void failsWithoutTheNvidiaDriver() throws Exception {
    Result result = discover(null, 0);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).isEmpty();
    assertThat(result.errors().lines())
        .singleElement()
        .asString()
        .contains("nvidia-smi: not found on");
  }

  @Test
  void passesOnErrorsOfNvidiaSmi() throws Exception {
    Result result =
        discover(
            "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n",
            9);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.errors().lines())
        .singleElement()
        .asString()
        .contains("couldn't communicate with the NVIDIA driver");
    assertThat(discoverAgain("No devices were found\n").errors()).contains("no usable GPU on");
  }
}
