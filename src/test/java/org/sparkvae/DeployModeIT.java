package org.sparkvae;

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
import org.sparkvae.cluster.Driver;
import org.sparkvae.cluster.SparkCluster;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/** The same job with its driver here, and on one of the cluster's own hosts. */
@CompleteBuild
@Timeout(600)
class DeployModeIT {
  private static final int IMAGES = 400;

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.of(2);

  @TempDir Path directory;

  private Path done(String verb, String id, Driver driver) throws Exception {
    SparkVaeProcess.start(
            directory,
            driver,
            verb,
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

  /** With one executor the parameter server trains as one JVM does, to rounding. */
  @Test
  void theOutputsAreTheSameWhereverTheDriverRuns() throws Exception {
    Driver client = CLUSTER.driver().with("spark.cores.max", "1");
    Driver onTheCluster =
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
    List<EpochRecord> here = history(done("train", "local", Driver.local()));
    assertAlike(here, history(done("train", "client", client)));
    Path onCluster = done("run", "cluster", onTheCluster);
    assertAlike(here, history(onCluster));
    assertThat(onCluster.resolve("_SUCCESS")).exists();
    ReconstructionsTable.assertComplete(onCluster, IMAGES, IMAGES);
  }

  private static List<EpochRecord> history(Path run) throws Exception {
    return History.parse(Files.readString(run.resolve("history.csv")));
  }

  private static void assertAlike(List<EpochRecord> expected, List<EpochRecord> actual) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int epoch = 0; epoch < expected.size(); epoch++) {
      assertThat(actual.get(epoch).trainLossMean())
          .isCloseTo(expected.get(epoch).trainLossMean(), within(1e-4));
      assertThat(actual.get(epoch).testBce())
          .isCloseTo(expected.get(epoch).testBce(), within(1e-3));
    }
  }
}
