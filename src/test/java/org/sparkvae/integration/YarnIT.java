package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.testing.Await;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.ReconstructionsTable;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;
import org.sparkvae.testing.cluster.YarnCluster;

/** Runs the main job on YARN with its output on HDFS. YARN enforces the memory of containers. */
@CompleteBuild
@Timeout(900)
@Isolated("starts up to five processes")
class YarnIT {
  private static final int IMAGES = 200;

  @TempDir static Path directory;
  private static YarnCluster yarn;

  @BeforeAll
  static void startYarn() throws Exception {
    yarn = YarnCluster.start(directory.resolve("yarn"));
    yarn.installJars();
  }

  @AfterAll
  static void stopYarn() {
    if (yarn != null) {
      yarn.stop();
    }
  }

  @AfterEach
  void assertNoExecutorRemains() throws Exception {
    Await.await(
        "end of the executors", Duration.ofSeconds(30), () -> yarn.executorPids().isEmpty());
  }

  private static SparkVaeProcess start(Driver driver, String command, String... options)
      throws Exception {
    return SparkVaeProcess.start(
        directory,
        driver,
        Stream.concat(Stream.of(command, "--output", yarn.files() + "/runs"), Stream.of(options))
            .toArray(String[]::new));
  }

  private static String[] job(String run, int epochs, String trainer) {
    return new String[] {
      "--run-id",
      run,
      "--limit",
      "" + IMAGES,
      "--epochs",
      "" + epochs,
      "--batch-size",
      "20",
      "--trainer",
      trainer,
      "--config",
      Path.of("conf/model2.yaml").toAbsolutePath().toString()
    };
  }

  private static void assertComplete(String run) throws Exception {
    FileSystem files = yarn.fileSystem();
    Path local = directory.resolve("copy-of-" + run);
    files.copyToLocalFile(
        new org.apache.hadoop.fs.Path("/runs", run), new org.apache.hadoop.fs.Path(local.toUri()));
    assertThat(local.resolve("_SUCCESS")).exists();
    ReconstructionsTable.assertComplete(local, IMAGES, IMAGES);
  }

  @Test
  void runsInClientMode() throws Exception {
    start(yarn.driverWithInstalledJars(), "run", job("shared", 2, "shared"))
        .awaitEnd()
        .assertExitCode(0);
    assertComplete("shared");
    // All jobs of all tests share the copies.
    assertThat(yarn.localizedFiles("spark-core_")).hasSizeBetween(1, YarnCluster.NODES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"averaging", "allreduce"})
  void trainsOnTwoExecutors(String trainer) throws Exception {
    SparkVaeProcess job =
        start(yarn.driverWithInstalledJars(), "train", job("t-" + trainer, 2, trainer));
    job.awaitEnd().assertExitCode(0);
    assertThat(job.output()).contains("--trainer %s on 2 workers.".formatted(trainer));
  }

  /** The launcher sends the jars, which are not installed on the cluster. */
  @Test
  void runsInClusterMode() throws Exception {
    Driver driver = yarn.driverWithInstalledJars();
    Driver onCluster =
        new Driver(
            driver.prefix(),
            Stream.concat(driver.arguments().stream(), Stream.of("--deploy-mode", "cluster"))
                .toList(),
            driver.properties());
    start(onCluster, "run", job("on-cluster", 2, "shared")).awaitEnd().assertExitCode(0);
    assertComplete("on-cluster");
  }

  @Test
  void losesAnExecutorAndResumes() throws Exception {
    SparkVaeProcess job =
        start(yarn.driverWithInstalledJars(), "train", job("killed", 8, "allreduce"));
    Await.await(
        "epoch 2",
        Duration.ofMinutes(4),
        () ->
            yarn.fileSystem()
                .exists(new org.apache.hadoop.fs.Path("/runs/killed/checkpoints/epoch-0002")));
    long executor = yarn.executorPids().get(0);
    assertThat(ProcessHandle.of(executor).orElseThrow().destroyForcibly()).isTrue();
    job.awaitEnd().assertExitCode(75);
    assertThat(job.errors().lines())
        .last(InstanceOfAssertFactories.STRING)
        .contains("was lost")
        .contains("Rerun the same command to resume");

    SparkVaeProcess resumed =
        start(yarn.driverWithInstalledJars(), "train", job("killed", 8, "allreduce"));
    resumed.awaitEnd().assertExitCode(0);
    assertThat(resumed.output()).contains("Resuming after epoch");
  }

  @Test
  void resumesAfterAContainerExceededItsMemory() throws Exception {
    Driver small =
        yarn.driverWithInstalledJars()
            .with("spark.executor.memory", "512m")
            .with("spark.executor.memoryOverhead", "200m");
    SparkVaeProcess job = start(small, "train", job("large", 2, "averaging"));
    job.awaitEnd().assertExitCode(75);
    assertThat(job.errors().lines())
        .last(InstanceOfAssertFactories.STRING)
        .contains("was lost", "physical memory", "spark.executor.memoryOverhead");

    start(yarn.driverWithInstalledJars(), "train", job("large", 2, "averaging"))
        .awaitEnd()
        .assertExitCode(0);
  }

  @Test
  void namesTheSettingIfContainersHaveTooLittleMemory() throws Exception {
    Driver half =
        yarn.driverWithInstalledJars()
            .with("spark.executor.memory", "512m")
            .with("spark.executor.memoryOverhead", "1g");
    SparkVaeProcess doctor = start(half, "doctor");
    doctor.awaitEnd();
    assertThat(doctor.output()).contains("container 1.5 GiB").contains("spark.executor.memory");
    assertThat(doctor.exitCode()).isEqualTo(2);

    SparkVaeProcess sufficient = start(yarn.driverWithInstalledJars(), "doctor");
    sufficient.awaitEnd();
    assertThat(sufficient.output()).contains("container 3.0 GiB");
    sufficient.assertExitCode(0);
  }
}
