package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.SparkVaeProcess;

/** Tests that invalid input causes one error line and the right exit code, and leaves no files. */
class BadInputIT {
  @TempDir Path directory;

  @Test
  void truncatedFileFailsWithExitCode3() throws Exception {
    Path data = Files.createDirectory(directory.resolve("idx"));
    for (String name :
        new String[] {
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte"
        }) {
      Files.write(data.resolve(name), new byte[] {0, 0, 8, (byte) (name.contains("3") ? 3 : 1), 0});
    }
    SparkVaeProcess process =
        SparkVaeProcess.run(
                directory,
                "data",
                "--data",
                data.toString(),
                "--output",
                directory.resolve("runs").toString())
            .assertExitCode(3);
    assertOneLine(process, "train-images-idx3-ubyte");
    assertThat(directory.resolve("runs")).doesNotExist();
  }

  @Test
  void unknownOptionFailsWithExitCode2() throws Exception {
    assertOneLine(
        SparkVaeProcess.run(directory, "run", "--epoch", "3").assertExitCode(2), "--epoch");
  }

  @Test
  void unknownSettingFailsWithExitCode2() throws Exception {
    Path config = directory.resolve("mine.yaml");
    Files.writeString(config, "latent-chanels: 16\n");
    assertOneLine(
        SparkVaeProcess.run(
                directory,
                "run",
                "--config",
                config.toString(),
                "--output",
                directory.resolve("runs").toString())
            .assertExitCode(2),
        "latent-channels");
    assertThat(directory.resolve("runs")).doesNotExist();
  }

  @Test
  void helpListsCommandsAndExitCodes() throws Exception {
    SparkVaeProcess help = SparkVaeProcess.run(directory, "--help").assertExitCode(0);
    assertThat(help.output()).contains("reconstruct", "75", "rerun the same command to resume");
  }

  private static void assertOneLine(SparkVaeProcess process, String expected) throws IOException {
    try (Stream<String> lines = process.errors().strip().lines()) {
      assertThat(lines)
          .singleElement()
          .asString()
          .startsWith("sparkvae: ")
          .contains(expected)
          .doesNotContain("Exception");
    }
  }
}
