package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person sees who got something wrong: one line, the right exit code, nothing left behind.
 */
class BadInputIT {
  @TempDir Path directory;

  @Test
  void aTruncatedFileIsExitCode3() throws Exception {
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
    SparkVaeProcess bad =
        SparkVaeProcess.run(
                directory,
                "data",
                "--data",
                data.toString(),
                "--output",
                directory.resolve("runs").toString())
            .assertExitCode(3);
    assertOneLine(bad, "train-images-idx3-ubyte");
    assertThat(directory.resolve("runs")).doesNotExist();
  }

  @Test
  void anUnknownOptionIsExitCode2() throws Exception {
    assertOneLine(
        SparkVaeProcess.run(directory, "run", "--epoch", "3").assertExitCode(2), "--epoch");
  }

  @Test
  void anUnreadableSettingIsExitCode2() throws Exception {
    Path config = directory.resolve("mine.yaml");
    Files.writeString(config, "latent-sise: 16\n");
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
  void helpNamesVerbsAndExitCodes() throws Exception {
    SparkVaeProcess help = SparkVaeProcess.run(directory, "--help").assertExitCode(0);
    assertThat(help.output()).contains("reconstruct", "75", "last good checkpoint");
  }

  private static void assertOneLine(SparkVaeProcess process, String about) throws IOException {
    try (Stream<String> lines = process.errors().strip().lines()) {
      assertThat(lines)
          .singleElement()
          .asString()
          .startsWith("sparkvae: ")
          .contains(about)
          .doesNotContain("Exception");
    }
  }
}
