package org.sparkvae.collective;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.spark.SparkErrors;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.JvmProcess;

class GlooLibraryTest {
  @TempDir Path cache;

  /** Prints the exception as Spark reports it to the driver. */
  static final class Load {
    public static void main(String[] arguments) {
      try {
        GlooLibrary.load();
      } catch (SparkVaeException e) {
        System.out.println(ExceptionUtils.getStackTrace(e));
      }
    }
  }

  /** A limit of the file size fails as a full disk does. */
  @Test
  @CompleteBuild
  void aFullDiskOfAnExecutorIsATemporaryFailure() throws Exception {
    List<String> load =
        JvmProcess.of(Load.class, List.of("-Dorg.bytedeco.javacpp.cachedir=" + cache)).command();
    List<String> command =
        Stream.concat(Stream.of("bash", "-c", "ulimit -f 1000; exec \"$@\"", "bash"), load.stream())
            .toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String error = output.substring(output.indexOf("org.sparkvae"));
    assertThat(SparkErrors.ofText(error, "a task failed"))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining(cache + ": Gloo cannot be unpacked (")
        .hasMessageContaining("350 MB of free space). Rerun the same command to resume");
  }
}
