package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.ReconstructionsTable;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;
import org.sparkvae.testing.cluster.SparkCluster;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/** Compares a job in client mode with the same job in cluster mode. */
@CompleteBuild
@Timeout(600)
@ResourceLock(SparkCluster.LOCK)
class DeployModeIT {
  private static final int IMAGES = 400;

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.SHARED;

  @TempDir Path directory;

  private Path run(String command, String id, Driver driver) throws Exception {
    SparkVaeProcess.start(
            directory,
            driver,
            command,
            "--run-id",
            id,
            "--output",
            directory.resolve("runs").toString(),
            "--limit",
            "" + IMAGES,
            "--epochs",
            "2")
        .awaitEnd()
        .assertExitCode(0);
    return directory.resolve("runs").resolve(id);
  }

  /** With one executor, the parameter server trains as one JVM does, except for rounding errors. */
  @Test
  void outputsDoNotDependOnTheDeployMode() throws Exception {
    Driver client = CLUSTER.driver().with("spark.cores.max", "1");
    Driver cluster =
        new Driver(
            List.of(),
            List.of("--master", CLUSTER.master(), "--deploy-mode", "cluster"),
            Map.of(
                "spark.driver.memory",
                "1200m",
                "spark.executor.cores",
                "1",
                "spark.cores.max",
                "1"));
    List<EpochRecord> expected = history(run("train", "local", Driver.local()));
    assertSimilar(expected, history(run("train", "client", client)));
    Path clusterRun = run("run", "cluster", cluster);
    assertSimilar(expected, history(clusterRun));
    assertThat(clusterRun.resolve("_SUCCESS")).exists();
    ReconstructionsTable.assertComplete(clusterRun, IMAGES, IMAGES);
  }

  private static List<EpochRecord> history(Path run) throws Exception {
    return History.parse(Files.readString(run.resolve("history.csv")));
  }

  private static void assertSimilar(List<EpochRecord> expected, List<EpochRecord> actual) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int epoch = 0; epoch < expected.size(); epoch++) {
      assertThat(actual.get(epoch).trainLossMean())
          .isCloseTo(expected.get(epoch).trainLossMean(), within(1e-4));
      assertThat(actual.get(epoch).testBce())
          .isCloseTo(expected.get(epoch).testBce(), within(1e-3));
    }
  }
}
