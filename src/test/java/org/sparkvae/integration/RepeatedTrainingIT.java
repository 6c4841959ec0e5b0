package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.SparkCluster;
import org.sparkvae.training.spark.SharedTrainerExperiment;

/**
 * Tests a second training in the same processes, where Deeplearning4j's parameter server is a
 * singleton.
 */
@CompleteBuild
@ResourceLock(SparkCluster.LOCK)
class RepeatedTrainingIT {
  private static final Pattern LOSS =
      Pattern.compile("fixed:0.001` (?:\\| [0-9.]+ ){3}\\| ([0-9.]+)");

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.SHARED;

  @TempDir Path directory;

  @Test
  void secondTrainingInTheSameProcessesMatchesTheFirst() throws Exception {
    SparkVaeProcess.run(directory, "data", "--output", directory.toString()).assertExitCode(0);
    Path table;
    try (var tables = Files.list(directory.resolve("_data"))) {
      table = tables.findFirst().orElseThrow();
    }
    Path output = directory.resolve("losses.txt");
    Process driver =
        new ProcessBuilder(
                "src/test/cluster/driver-main",
                CLUSTER.master(),
                CLUSTER.driver().properties().get("spark.driver.host"),
                "2",
                SharedTrainerExperiment.class.getName(),
                table.toString(),
                "1000",
                "2",
                "fixed:0.001",
                "fixed:0.001")
            .redirectOutput(output.toFile())
            .redirectError(directory.resolve("errors.txt").toFile())
            .start();
    try {
      assertThat(driver.waitFor(4, TimeUnit.MINUTES)).isTrue();
      assertThat(driver.exitValue()).as(Files.readString(directory.resolve("errors.txt"))).isZero();
    } finally {
      driver.destroyForcibly();
    }
    List<Double> losses =
        LOSS.matcher(Files.readString(output, StandardCharsets.UTF_8))
            .results()
            .map((MatchResult loss) -> Double.valueOf(loss.group(1)))
            .toList();
    assertThat(losses).hasSize(2);
    // The trainings differ only in the arrival times of updates.
    assertThat(losses.get(1)).isBetween(0.9 * losses.get(0), 1.1 * losses.get(0));
  }
}
