package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.model.cpu.OneDnn;
import org.sparkvae.testing.JvmProcess;

/** Processors with fewer instructions, for which oneDNN orders packed weights differently. */
class OlderProcessorTest {
  private static final int DEADLINE_SECONDS = 60;

  @ParameterizedTest
  @ValueSource(strings = {"SSE41", "AVX2"})
  void layersAgreeWithDeeplearning4js(String instructionSet, @TempDir Path directory)
      throws Exception {
    Path output = directory.resolve("output.txt");
    ProcessBuilder builder =
        JvmProcess.of(Comparison.class, List.of())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("ONEDNN_MAX_CPU_ISA", instructionSet);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .as("exits before the deadline")
          .isTrue();
      assertThat(process.exitValue()).as(() -> read(output)).isZero();
      assertThat(read(output)).containsIgnoringCase("instructions: " + instructionSet);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A program that compares the layers with Deeplearning4j's. */
  static final class Comparison {
    public static void main(String[] arguments) {
      NativeBackend.select();
      LayerBackendTest.compare(new ModelConfig(16, 0, 0.5, 0.001, 11), 17);
      System.out.println("instructions: " + OneDnn.instructionSet());
    }
  }
}
