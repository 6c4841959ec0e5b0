package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.cluster.Driver;
import org.sparkvae.cluster.SparkCluster;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/** The main job on clusters where driver and executors are on hosts of their own, or share one. */
class ClusterIT {
  private static final int IMAGES = 400;

  @RegisterExtension static final SparkCluster TWO_HOSTS = SparkCluster.of(2);

  @RegisterExtension static final SparkCluster ONE_HOST = SparkCluster.of(1).withExecutorsOnEach(2);

  @TempDir Path directory;

  @Test
  void trainsOnTwoHosts() throws Exception {
    assertRuns(TWO_HOSTS, TWO_HOSTS.driver(), List.of(1, 2));
  }

  @Test
  void trainsWithTheDriverOnAnExecutorsHost() throws Exception {
    assertRuns(TWO_HOSTS, TWO_HOSTS.driverOn(1), List.of(1, 2));
  }

  @Test
  void trainsWithTwoExecutorsOnAHost() throws Exception {
    assertRuns(ONE_HOST, ONE_HOST.driver(), List.of(1, 1));
  }

  private void assertRuns(SparkCluster cluster, Driver driver, List<Integer> executors)
      throws Exception {
    Path runs = directory.resolve("runs");
    SparkVaeProcess job =
        SparkVaeProcess.start(
            directory,
            driver,
            "run",
            "--run-id",
            "c",
            "--limit",
            Integer.toString(IMAGES),
            "--epochs",
            "2",
            "--output",
            runs.toString());
    assertExecutorsBecome(executors, cluster, Duration.ofMinutes(2));
    job.awaitEnd().assertExitCode(0);

    List<EpochRecord> history = History.parse(Files.readString(runs.resolve("c/history.csv")));
    assertThat(history).extracting(EpochRecord::examples).containsExactly(IMAGES, IMAGES);
    Reconstructions.assertComplete(runs.resolve("c"), IMAGES, IMAGES);
    // They go by themselves, a little later than the driver.
    assertExecutorsBecome(List.of(), cluster, Duration.ofSeconds(30));
  }

  private static void assertExecutorsBecome(
      List<Integer> hosts, SparkCluster cluster, Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (!cluster.executors().equals(hosts) && System.nanoTime() < deadline) {
      Thread.sleep(200);
    }
    assertThat(cluster.executors()).isEqualTo(hosts);
  }
}
