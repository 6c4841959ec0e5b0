package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;
import org.sparkvae.testing.cluster.SparkCluster;

/** Tests the {@code doctor} command on a cluster with each driver and executor on its own host. */
@ResourceLock(SparkCluster.LOCK)
class DoctorOnClusterIT {
  @RegisterExtension static final SparkCluster TWO_HOSTS = SparkCluster.SHARED;

  @TempDir Path directory;

  private SparkVaeProcess doctor() throws Exception {
    return doctor(TWO_HOSTS.driver());
  }

  private SparkVaeProcess doctor(Driver driver) throws Exception {
    return SparkVaeProcess.start(
            directory, driver, "doctor", "--output", directory.resolve("runs").toString())
        .awaitEnd();
  }

  @Test
  @CompleteBuild
  void workingClusterPassesWithExitCode0() throws Exception {
    SparkVaeProcess doctor = doctor().assertExitCode(0);
    assertThat(doctor.output()).contains(", failures: 0,").containsPattern("executors +ok +2: ");
    assertThat(doctor.output().lines())
        .filteredOn(line -> line.startsWith("executor ") && line.contains("datagrams"))
        .hasSize(4)
        .allMatch(line -> line.endsWith("ok       20 of 20 datagrams came back"));
    assertThat(doctor.output().lines())
        .filteredOn(line -> line.endsWith("ok       2 of 2 can be reached"))
        .hasSize(2);
    assertThat(doctor.output()).containsPattern("Gloo +ok +loaded");
    assertThat(directory.resolve("runs")).isEmptyDirectory();
  }

  /** Spark's own connections between the executors use a port that is open. */
  @Test
  @CompleteBuild
  void executorsThatCannotReachEachOtherFailWithExitCode75() throws Exception {
    TWO_HOSTS.blockHighPorts(1, 2);
    try {
      SparkVaeProcess doctor =
          doctor(TWO_HOSTS.driver().with("spark.blockManager.port", "7079")).assertExitCode(75);
      assertThat(doctor.output().lines())
          .filteredOn(line -> line.contains("  failure  "))
          .hasSize(2)
          .allMatch(
              line -> line.contains("TCP to executors") && line.contains("cannot connect to"));
    } finally {
      TWO_HOSTS.unblockHighPorts(1, 2);
    }
  }

  @Test
  void hostWithoutUdpFailsWithExitCode75() throws Exception {
    TWO_HOSTS.blockUdp(1);
    try {
      SparkVaeProcess doctor = doctor().assertExitCode(75);
      assertThat(doctor.output().lines())
          .filteredOn(line -> line.contains("  failure  "))
          .hasSize(2)
          .allMatch(line -> line.endsWith(" 0 of 20 datagrams came back"));
      assertThat(doctor.output().lines())
          .filteredOn(
              line -> line.startsWith("executor ") && line.contains("ok       20 of 20 datagrams"))
          .hasSize(2);
      assertThat(doctor.output()).contains("-> Open UDP in both directions");
      assertThat(doctor.errors()).contains(", failures: 2,");
    } finally {
      TWO_HOSTS.unblockUdp(1);
    }
  }
}
