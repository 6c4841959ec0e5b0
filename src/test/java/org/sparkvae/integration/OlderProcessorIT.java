package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.sparkvae.bench.LayerTimes;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.JvmProcess;

/** Compares the speed of the layers on a processor with AVX2 but without AVX-512. */
@CompleteBuild
@Isolated("measures times")
class OlderProcessorIT {
  private static final long DEADLINE_MINUTES = 5;

  @TempDir Path directory;

  @Test
  void noLayerIsSlowerThanDeeplearning4js() throws IOException, InterruptedException {
    Map<String, double[]> times = measure();
    assertThat(times).containsKeys("lstm", "z", "block1", "all");
    times.forEach(
        (layer, row) -> {
          if (layer.matches("lstm|z|block\\d+|all")) {
            assertThat(row[0] + row[1]).as("%s, ms", layer).isLessThan(row[2] + row[3]);
          }
        });
  }

  private Map<String, double[]> measure() throws IOException, InterruptedException {
    File output = directory.resolve("table.md").toFile();
    ProcessBuilder builder =
        JvmProcess.of(
                LayerTimes.class,
                List.of(
                    "-Xmx2g",
                    "-XX:UseAVX=2",
                    "-Dorg.bytedeco.javacpp.platform.extension=-onednn-avx2"))
            .redirectOutput(output)
            .redirectError(directory.resolve("errors.txt").toFile());
    builder
        .environment()
        .putAll(Map.of("OPENBLAS_CORETYPE", "Haswell", "ONEDNN_MAX_CPU_ISA", "AVX2"));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES))
          .as("exits before the deadline")
          .isTrue();
      assertThat(process.exitValue()).as(() -> errors()).isZero();
    } finally {
      process.destroyForcibly();
    }
    Map<String, double[]> times = new HashMap<>();
    for (String line : Files.readAllLines(output.toPath())) {
      String[] cells = line.split("\\s*\\|\\s*", 7);
      if (cells.length == 7 && cells[2].matches("[\\d.]+")) {
        double[] row = new double[4];
        for (int i = 0; i < row.length; i++) {
          row[i] = Double.parseDouble(cells[2 + i]);
        }
        times.put(cells[1], row);
      }
    }
    return times;
  }

  private String errors() {
    try {
      return Files.readString(directory.resolve("errors.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
