package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;
import org.sparkvae.testing.cluster.SparkCluster;

/**
 * Tests the GPU build on a machine without a card. It runs with {@code mvn -Pgpu verify}, which
 * downloads 2.4 GB.
 */
@Timeout(600)
class GpuBuildIT {
  /** At this rate, it would take four minutes to send the jars of the GPU build to one executor. */
  private static final String RATE = "100mbit";

  private static final long LARGEST_SENT_FILE = 10_000_000;

  @TempDir Path directory;

  @BeforeAll
  static void requireGpuBuild() throws Exception {
    try (Stream<Path> jars = Files.list(Path.of("target/lib"))) {
      assumeTrue(
          jars.anyMatch(jar -> jar.getFileName().toString().startsWith("nd4j-cuda-")),
          "runs only with mvn -Pgpu verify");
    }
  }

  @Test
  void aDriverWithoutAGpuFailsWithExitCode2() throws Exception {
    SparkVaeProcess job = SparkVaeProcess.run(directory, arguments("train", "--limit", "200"));
    job.assertExitCode(2);
    assertThat(job.errors().lines())
        .singleElement()
        .asString()
        .contains("driver cannot use GPU '0'");
  }

  /** The cards are simulated, so nd4j cannot start on them. The driver needs no card. */
  @Test
  void executorsWhoseCardsDoNotWorkFailWithExitCode2() throws Exception {
    SparkCluster cluster = SparkCluster.of(2).withGpus(1);
    try {
      cluster.start();
      cluster.throttle(1, RATE);
      Driver driver = cluster.driverOn(1);
      long start = System.nanoTime();
      SparkVaeProcess job =
          SparkVaeProcess.start(directory, driver, arguments("train", "--limit", "200")).awaitEnd();
      assertThat(System.nanoTime() - start).isLessThan(120_000_000_000L);
      job.assertExitCode(2);
      assertThat(job.errors().lines())
          .singleElement(InstanceOfAssertFactories.STRING)
          .containsPattern(
              "executor \\d cannot use GPU '0': the driver's version is 440.33.01, but CUDA 11.6 needs ");

      SparkVaeProcess doctor =
          SparkVaeProcess.start(directory, driver, arguments("doctor")).awaitEnd();
      assertThat(doctor.output()).contains("cannot use GPU '0'");
      assertThat(doctor.exitCode()).isEqualTo(2);

      assertThat(sentFiles(cluster, 1)).isEmpty();
      assertThat(sentFiles(cluster, 2)).isEmpty();
    } finally {
      cluster.stop();
    }
  }

  /** Returns the large files that Spark copied to a host. */
  private static List<Path> sentFiles(SparkCluster cluster, int host) throws Exception {
    try (Stream<Path> files = Files.walk(cluster.state().resolve("host-" + host))) {
      return files.filter(file -> file.toFile().length() > LARGEST_SENT_FILE).toList();
    }
  }

  private String[] arguments(String command, String... options) {
    return Stream.concat(
            Stream.of(command, "--output", directory.resolve("runs").toString()),
            Stream.concat(
                command.equals("doctor") ? Stream.empty() : Stream.of("--run-id", "g"),
                Stream.of(options)))
        .toArray(String[]::new);
  }
}
