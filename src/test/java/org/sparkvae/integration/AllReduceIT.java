package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.sparkvae.testing.Await.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkvae.model.ModelFile;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.JobMonitor;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;
import org.sparkvae.testing.cluster.SparkCluster;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/** Trains with {@code --trainer allreduce} on a cluster of two hosts with one executor each. */
@CompleteBuild
@ResourceLock(SparkCluster.LOCK)
class AllReduceIT {
  private static final int EPOCHS = 3;
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration REACTION = Duration.ofSeconds(60);

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.SHARED;

  @TempDir Path directory;

  /** What can happen to one of the executors. */
  enum Fault {
    KILLED,
    STOPPED,
    CUT_OFF
  }

  @Test
  void trainsTheModelOfOneJvmAndRepeatsItBitForBit() throws Exception {
    train("local", Driver.local(), "local").awaitEnd().assertExitCode(0);
    JobMonitor executors = new JobMonitor();
    train("first", driverWithEmptyLibraryCache(), "allreduce")
        .awaitEnd(
            Duration.ofMillis(200), () -> CLUSTER.executorPids().forEach(executors::inspectProcess))
        .assertExitCode(0);
    assertThat(executors.mostTcpPorts()).as("ports of Spark's blocks and of Gloo").isEqualTo(2);
    assertThat(executors.tcpAddresses()).isSubsetOf(CLUSTER.addresses());
    SparkVaeProcess killed = train("second", CLUSTER.driver(), "allreduce");
    await("first epoch", START, () -> Files.exists(checkpoint("second", 1)));
    killed.kill();
    awaitNoExecutors();
    assertThat(checkpoint("second", EPOCHS)).doesNotExist();
    train("second", CLUSTER.driver(), "allreduce").awaitEnd().assertExitCode(0);

    List<EpochRecord> expected = history("local");
    List<EpochRecord> actual = history("first");
    assertThat(actual.get(0).trainLossMean())
        .isCloseTo(expected.get(0).trainLossMean(), withinPercentage(0.01));
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      assertThat(testLoss(actual.get(epoch)))
          .isCloseTo(testLoss(expected.get(epoch)), withinPercentage(0.1));
    }
    assertThat(parameters("second")).isEqualTo(parameters("first"));
  }

  @ParameterizedTest
  @EnumSource
  void endsWithExitCode75WithinAMinute(Fault fault) throws Exception {
    SparkVaeProcess job = train("run", CLUSTER.driver(), "allreduce", 6_000);
    try {
      await("first epoch", START, () -> Files.exists(checkpoint("run", 1)));
      // Sums begin a few seconds after the checkpoint.
      Thread.sleep(7_000);
      switch (fault) {
        case KILLED -> CLUSTER.killExecutors(1);
        case STOPPED -> CLUSTER.suspendExecutors(1);
        case CUT_OFF -> CLUSTER.cut(1);
      }
      await("end", REACTION, () -> !job.isAlive());
      job.assertExitCode(75);
      // Not the executor whose connection to the lost one failed.
      assertThat(job.errors())
          .containsPattern("executor \\d+ on " + CLUSTER.address(1) + ":\\d+ was lost")
          .contains("Rerun the same command to resume");
    } finally {
      CLUSTER.heal(1);
      job.kill();
    }
    train("run", CLUSTER.driver(), "allreduce", 6_000).awaitEnd().assertExitCode(0);
    assertThat(history("run")).hasSize(EPOCHS);
    awaitNoExecutors();
  }

  /**
   * Within an epoch, a sum waits 20 s for the other executor, and the job 20 s more for another
   * cause. At the start of an epoch, Spark itself connects the executors, and the job waits 50 s.
   * If Spark is faster than the cut, the executors fail to connect through Gloo.
   */
  @ParameterizedTest
  @CsvSource({
    "0, no worker has trained a minibatch for|The connection to another worker failed",
    "8000, The connection to another worker failed"
  })
  void endsWithExitCode75IfExecutorsCannotReachEachOther(long millisAfterStart, String cause)
      throws Exception {
    SparkVaeProcess job = train("run", CLUSTER.driver(), "allreduce", 10_000);
    try {
      await("first epoch", START, () -> Files.exists(checkpoint("run", 1)));
      Thread.sleep(millisAfterStart);
      CLUSTER.cutBetween(1, 2);
      try {
        await("end", REACTION, () -> !job.isAlive());
      } finally {
        CLUSTER.healBetween(1, 2);
      }
      job.assertExitCode(75);
      assertThat(job.errors()).containsPattern(cause);
    } finally {
      job.kill();
    }
    awaitNoExecutors();
  }

  private SparkVaeProcess train(String id, Driver driver, String trainer) throws IOException {
    return train(id, driver, trainer, 1230);
  }

  private SparkVaeProcess train(String id, Driver driver, String trainer, int images)
      throws IOException {
    return SparkVaeProcess.start(
        directory,
        driver,
        "train",
        "--run-id",
        id,
        "--output",
        directory.toString(),
        "--limit",
        String.valueOf(images),
        "--epochs",
        String.valueOf(EPOCHS),
        "--trainer",
        trainer,
        "--workers",
        trainer.equals("local") ? "1" : "2");
  }

  /** Returns a driver whose executors unpack their native libraries at the same time. */
  private Driver driverWithEmptyLibraryCache() {
    return CLUSTER
        .driver()
        .with(
            "spark.executor.extraJavaOptions",
            "-Dorg.bytedeco.javacpp.cachedir=" + directory.resolve("libraries"));
  }

  private Path checkpoint(String id, int epoch) {
    return directory.resolve(id).resolve("checkpoints/epoch-000" + epoch);
  }

  private List<EpochRecord> history(String id) throws IOException {
    return History.parse(Files.readString(directory.resolve(id).resolve("history.csv")));
  }

  private static double testLoss(EpochRecord epoch) {
    return epoch.testBce() + epoch.testRegTerm();
  }

  private float[] parameters(String id) throws IOException {
    return ModelFile.read(Files.readAllBytes(directory.resolve(id).resolve("model.zip")))
        .params()
        .reshape(-1)
        .toFloatVector();
  }

  private static void awaitNoExecutors() throws Exception {
    await("end of the executors", REACTION, () -> CLUSTER.executorHosts().isEmpty());
  }
}
