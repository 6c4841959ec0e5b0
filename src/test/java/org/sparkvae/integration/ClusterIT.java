package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.ArrayUtils;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.FinishedRun;
import org.sparkvae.testing.ReconstructionsTable;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;
import org.sparkvae.testing.cluster.SparkCluster;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/**
 * Runs the main job or its training on clusters: with each driver and executor on its own host, and
 * with all of them on one host.
 */
@ResourceLock(SparkCluster.LOCK)
class ClusterIT {
  private static final int IMAGES = 200;
  private static final Pattern ASSIGNED = Pattern.compile("executor \\d: GPU (\\d) is assigned");

  @RegisterExtension static final SparkCluster TWO_HOSTS = SparkCluster.SHARED;

  @TempDir Path directory;

  @Test
  void runsOnTwoHosts() throws Exception {
    List<EpochRecord> history =
        assertTrains("run", TWO_HOSTS, TWO_HOSTS.driver(), List.of(1, 2), "shared");
    assertThat(history.get(1).trainLossMean()).isLessThan(history.get(0).trainLossMean());
    assertThat(history).allMatch(epoch -> epoch.drift() > 0 && epoch.drift() < 1);
    ReconstructionsTable.assertComplete(directory.resolve("runs/c"), IMAGES, IMAGES);
    assertThat(Files.readString(directory.resolve("runs/c/provenance.json")))
        .contains("\"executors\" : 2")
        .containsPattern("\"executor 0 \\(10\\..*\\)\" : \"nd4j-native-onednn.*, oneDNN for .*\"")
        .containsPattern("\"executor 1 \\(10\\..*\\)\" : \"nd4j-native-onednn.*, oneDNN for .*\"");
    assertThat(Files.readString(directory.resolve("spark-vae/spark-vae.log")))
        .containsPattern("executor 0 \\(.*\\), nd4j-native.*, self-test: ")
        .containsPattern("executor 1 \\(.*\\), nd4j-native.*, self-test: ");
  }

  @Test
  void trainingOnAnExecutorThatComputesWrongResultsFailsWithExitCode2() throws Exception {
    assertRefused(
        "gradient of block2_W",
        "$19",
        "gradient of block2_W differs by .* from the stored value \\(tolerance 1e-05\\)",
        "train",
        "--run-id",
        "s",
        "--limit",
        "" + IMAGES);
  }

  /** Spark would run the failed task again on the other executor. */
  @Test
  void decodingOnAnExecutorThatComputesWrongResultsFailsWithExitCode2() throws Exception {
    Path run = FinishedRun.copyTo(directory.resolve("runs"));
    FileUtils.deleteDirectory(run.resolve("reconstructions").toFile());

    assertRefused(
        "reconstruction",
        "$19",
        "reconstruction differs by .* from the stored value \\(tolerance 1e-05\\)",
        "reconstruct",
        "--run-id",
        FinishedRun.ID);

    assertThat(run.resolve("reconstructions")).doesNotExist();
  }

  @Test
  @CompleteBuild
  void decodingOnAnExecutorThatCannotComputeTheTestFailsWithExitCode2() throws Exception {
    Path run = FinishedRun.copyTo(directory.resolve("runs"));
    FileUtils.deleteDirectory(run.resolve("reconstructions").toFile());

    assertRefused(
        "reconstruction",
        "$1\"\", ",
        "it cannot be computed \\(.*\\)",
        "reconstruct",
        "--run-id",
        FinishedRun.ID);
  }

  /**
   * Executor 0 reads another stored value than the others, so that its own seems wrong.
   *
   * @param replacement the replacement of the value's beginning, which is {@code $1}, and of its
   *     first number
   */
  private void assertRefused(String value, String replacement, String expected, String... command)
      throws Exception {
    String file = "org/sparkvae/selftest/self-test.json";
    Path changed = directory.resolve("executor-0").resolve(file);
    Files.createDirectories(changed.getParent());
    Files.writeString(
        changed,
        Files.readString(Path.of("src/main/resources", file))
            .replaceAll("(\"%s\" : \\[ )[^,]*".formatted(value), replacement));
    SparkVaeProcess job =
        SparkVaeProcess.start(
            directory,
            TWO_HOSTS
                .driver()
                .with(
                    "spark.executor.extraJavaOptions",
                    "-Xbootclasspath/a:" + directory.resolve("executor-{{EXECUTOR_ID}}")),
            ArrayUtils.addAll(command, "--output", directory.resolve("runs").toString()));

    job.awaitEnd().assertExitCode(2);

    assertThat(job.errors().lines())
        .last(InstanceOfAssertFactories.STRING)
        .containsPattern("executor 0 \\(10\\..*\\), self-test: " + expected);
    awaitExecutors(List.of(), TWO_HOSTS, Duration.ofSeconds(30));
  }

  @Test
  @CompleteBuild
  void trainsWithAveragingOnTwoHosts() throws Exception {
    List<EpochRecord> history =
        assertTrains("train", TWO_HOSTS, TWO_HOSTS.driver(), List.of(1, 2), "averaging");
    assertThat(history.get(1).trainLossMean()).isLessThan(history.get(0).trainLossMean());
  }

  /** Each process must choose its own port, and each executor must get its own GPU. */
  @Test
  @CompleteBuild
  void trainsWithTheDriverAndTwoExecutorsOnOneHost() throws Exception {
    SparkCluster oneHost = SparkCluster.of(1).withExecutorsPerHost(2).withGpus(2);
    try {
      oneHost.start();
      Driver driver =
          oneHost
              .driverOn(1)
              .with("spark.executor.resource.gpu.amount", "1")
              .with("spark.task.resource.gpu.amount", "0.01");
      assertTrains("train", oneHost, driver, List.of(1, 1), "shared");
      assertThat(assignedGpus(oneHost.state())).containsExactlyInAnyOrder("0", "1");
    } finally {
      oneHost.stop();
    }
  }

  /** Returns the GPU indexes from the executors' logs. */
  private static List<String> assignedGpus(Path state) throws IOException {
    List<String> gpus = new ArrayList<>();
    try (Stream<Path> files = Files.walk(state)) {
      for (Path log : files.filter(file -> file.endsWith("stderr")).toList()) {
        ASSIGNED.matcher(Files.readString(log)).results().forEach(line -> gpus.add(line.group(1)));
      }
    }
    return gpus;
  }

  /** The executors find the CUDA backend, as in the GPU build, but Spark assigns them no GPU. */
  @Test
  @CompleteBuild
  void executorsWithoutAGpuFailWithExitCode2() throws Exception {
    Path cuda = directory.resolve("org/nd4j/linalg/jcublas/JCublasBackend.class");
    Files.createDirectories(cuda.getParent());
    Files.createFile(cuda);
    Driver gpuDriver =
        TWO_HOSTS.driver().with("spark.driver.extraJavaOptions", "-Xbootclasspath/a:" + directory);
    String runs = directory.resolve("runs").toString();
    String[] train = {"train", "--run-id", "u", "--limit", "" + IMAGES, "--output", runs};
    SparkVaeProcess mixed = SparkVaeProcess.start(directory, gpuDriver, train);
    mixed.awaitEnd().assertExitCode(2);
    assertThat(mixed.errors().lines())
        .last(InstanceOfAssertFactories.STRING)
        .containsPattern(
            "executor \\d on 10\\..* has a CPU build, but the driver has a GPU build. Build with the same profile on all hosts.");

    Driver driver = gpuDriver.with("spark.executor.extraClassPath", directory.toString());
    SparkVaeProcess job = SparkVaeProcess.start(directory, driver, train);
    job.awaitEnd().assertExitCode(2);
    assertThat(job.errors().lines())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(
            "has 0 GPUs and needs one. Set spark.executor.resource.gpu.amount=1 and spark.task.resource.gpu.amount=0.01.");
    awaitExecutors(List.of(), TWO_HOSTS, Duration.ofSeconds(30));

    SparkVaeProcess doctor = SparkVaeProcess.start(directory, driver, "doctor", "--output", runs);
    doctor.awaitEnd();
    assertThat(doctor.output()).contains("has 0 GPUs and needs one");
    assertThat(doctor.exitCode()).isEqualTo(2);
  }

  @Test
  @CompleteBuild
  void wrongNumberOfWorkersFailsWithExitCode2() throws Exception {
    SparkVaeProcess job =
        SparkVaeProcess.start(
            directory,
            TWO_HOSTS.driver(),
            "train",
            "--run-id",
            "w",
            "--limit",
            "" + IMAGES,
            "--epochs",
            "1",
            "--workers",
            "1",
            "--output",
            directory.resolve("runs").toString());
    job.awaitEnd().assertExitCode(2);
    assertThat(job.errors().lines())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(
            "--workers 1: %s has 2 executors, and each is one worker. Omit --workers, or "
                .formatted(TWO_HOSTS.master()));
    awaitExecutors(List.of(), TWO_HOSTS, Duration.ofSeconds(30));
  }

  private List<EpochRecord> assertTrains(
      String command, SparkCluster cluster, Driver driver, List<Integer> executors, String trainer)
      throws Exception {
    Path runs = directory.resolve("runs");
    SparkVaeProcess job =
        SparkVaeProcess.start(
            directory,
            driver,
            command,
            "--run-id",
            "c",
            "--limit",
            "" + IMAGES,
            "--epochs",
            "2",
            "--batch-size",
            "20",
            "--trainer",
            trainer,
            "--config",
            "conf/model2.yaml",
            "--output",
            runs.toString());
    awaitExecutors(executors, cluster, Duration.ofMinutes(2));
    job.awaitEnd().assertExitCode(0);

    List<EpochRecord> history = History.parse(Files.readString(runs.resolve("c/history.csv")));
    assertThat(history).extracting(EpochRecord::examples).containsExactly(IMAGES, IMAGES);
    // Executors end by themselves, a little later than the driver.
    awaitExecutors(List.of(), cluster, Duration.ofSeconds(30));
    return history;
  }

  private static void awaitExecutors(List<Integer> hosts, SparkCluster cluster, Duration within)
      throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (!cluster.executorHosts().equals(hosts) && System.nanoTime() < deadline) {
      Thread.sleep(200);
    }
    assertThat(cluster.executorHosts()).isEqualTo(hosts);
  }
}
