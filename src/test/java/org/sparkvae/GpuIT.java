package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.cluster.SparkCluster;

/** Spark's own scheduling of GPUs, on a host whose nvidia-smi tells of two cards. */
@Timeout(300)
class GpuIT {
  private static final Pattern ASSIGNED = Pattern.compile("executor (\\d): GPU (\\d) is assigned");

  @RegisterExtension
  static final SparkCluster CLUSTER = SparkCluster.of(1).withExecutorsOnEach(2).withGpus(2);

  @TempDir Path directory;

  @Test
  void twoExecutorsOfOneHostGetDifferentDevices() throws Exception {
    SparkVaeProcess.start(
            directory,
            CLUSTER
                .driver()
                .with("spark.executor.resource.gpu.amount", "1")
                .with("spark.task.resource.gpu.amount", "1"),
            "train",
            "--run-id",
            "g",
            "--output",
            directory.resolve("runs").toString(),
            "--limit",
            "200",
            "--epochs",
            "1",
            "--config",
            "conf/model2.yaml")
        .awaitEnd()
        .assertExitCode(0);
    List<String> assigned;
    try (Stream<Path> files = Files.walk(CLUSTER.state())) {
      assigned =
          files
              .filter(file -> file.getFileName().toString().equals("stderr"))
              .flatMap(GpuIT::lines)
              .flatMap(line -> ASSIGNED.matcher(line).results().map(match -> match.group(2)))
              .toList();
    }
    assertThat(assigned).containsExactlyInAnyOrder("0", "1");
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8).stream();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
