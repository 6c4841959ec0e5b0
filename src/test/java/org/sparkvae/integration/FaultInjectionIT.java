package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sparkvae.testing.Await.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.ModelFile;
import org.sparkvae.storage.Storage;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.ReconstructionsTable;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;
import org.sparkvae.testing.cluster.SparkCluster;
import org.sparkvae.training.Checkpoint;
import org.sparkvae.training.CheckpointDirectory;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/**
 * Injects faults into the main job on a cluster of two hosts and expects it to finish with complete
 * results. Every build kills an executor and then cuts off a host during training. {@code mvn
 * verify -Dfaults=20} injects one of several faults at each of 20 random times in the whole job.
 * The seed is in each test's name and can be set with {@code -Dfaults.seed=N}.
 */
@Order(1) // The longest test starts first, at the same time as the second one.
class FaultInjectionIT {
  private static final int IMAGES = 200;
  private static final int EPOCHS = 3;
  private static final Duration REACTION = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofMinutes(6);
  private static final int MAX_DELAY_MILLIS = 15_000;

  private static final String LONG_MODE = "\\d+";

  @TempDir Path directory;

  private final SparkCluster cluster = SparkCluster.of(2);
  private Path run;

  /** The faults that a test can inject. */
  enum Fault {
    EXECUTOR_KILLED,
    EXECUTOR_STOPPED,
    EXECUTORS_KILLED_ONE_AFTER_ANOTHER,
    HOST_CUT_PERMANENTLY,
    DRIVER_KILLED,
    HOST_KILLED,
    HOST_CUT_FOR_A_MINUTE,
    CLUSTER_KILLED
  }

  static Stream<Round> rounds() {
    long seed = Long.getLong("faults.seed", System.nanoTime());
    Fault[] faults = Fault.values();
    return IntStream.range(0, Integer.getInteger("faults", 0))
        .mapToObj(
            n -> {
              Random random = new Random(seed + n);
              Fault fault = faults[random.nextInt(faults.length)];
              String trainer = List.of("shared", "allreduce", "averaging").get(n % 3);
              return new Round(
                  seed,
                  n,
                  fault,
                  trainer,
                  1 + random.nextInt(2),
                  random.nextInt(EPOCHS + 1),
                  random.nextInt(MAX_DELAY_MILLIS));
            });
  }

  /**
   * One fault and its time.
   *
   * @param host the host, from 1
   * @param afterEpoch the last epoch that is complete before the fault
   * @param millis delay after that epoch
   */
  record Round(
      long seed, int number, Fault fault, String trainer, int host, int afterEpoch, int millis) {}

  @AfterEach
  void stopCluster() {
    cluster.stop();
  }

  private String[] command(String name, String trainer) {
    return new String[] {
      name,
      "--run-id",
      "f",
      "--output",
      directory.resolve("runs").toString(),
      "--limit",
      String.valueOf(IMAGES),
      "--epochs",
      String.valueOf(EPOCHS),
      "--batch-size",
      "20",
      "--trainer",
      trainer,
      "--config",
      "conf/model2.yaml",
      "--retries",
      "5"
    };
  }

  @Test
  @DisabledIfSystemProperty(named = "faults", matches = LONG_MODE)
  void resumesTrainingAfterLosingAnExecutorAndAHost() throws Exception {
    cluster.start();
    run = directory.resolve("runs/f");
    SparkVaeProcess job = SparkVaeProcess.start(directory, driver(), command("train", "shared"));
    try {
      await("the first epoch", END, () -> !job.isAlive() || isReached(1));
      assertThat(cluster.killExecutors(1)).isNotEmpty();
      await("retry", REACTION, () -> job.errors().contains(temporaryFailureOfAttempt(1)));
      await("the second epoch", END, () -> !job.isAlive() || isReached(2));
      await("cleanup after the killed executor", REACTION, () -> hasFilesOfOneProcess(1));
      cluster.cut(2);
      await("retry", REACTION, () -> job.errors().contains(temporaryFailureOfAttempt(2)));
      assertThat(job.errors()).containsPattern("(executor|task|worker|Spark).*(lost|failed)");
      job.awaitEnd().assertExitCode(0);
    } finally {
      job.kill();
    }
    assertTrained();
    await("end of the executors", REACTION, () -> cluster.executorHosts().isEmpty());
  }

  /**
   * With seven or more workers, Spark retries the barrier stage of an epoch, and {@code
   * SparkContext.cancelAllJobs} makes the driver wait forever.
   */
  @CompleteBuild
  @ParameterizedTest
  @CsvSource({"shared, 0", "shared, 200", "averaging, 100", "allreduce, 0", "shared, 5000"})
  void endsAfterLosingExecutorsOneAfterAnother(String trainer, long millisBetween)
      throws Exception {
    SparkCluster eight = SparkCluster.of(2).withExecutorsPerHost(4);
    eight.start();
    run = directory.resolve("runs/f");
    SparkVaeProcess job =
        SparkVaeProcess.start(
            directory,
            eight.driver().with("spark.executor.memory", "600m"),
            "train",
            "--run-id",
            "f",
            "--output",
            directory.resolve("runs").toString(),
            "--limit",
            "2400",
            "--epochs",
            "3",
            "--trainer",
            trainer,
            "--config",
            "conf/model2.yaml");
    try {
      await("the first epoch", END, () -> !job.isAlive() || isReached(1));
      await("the second epoch", END, () -> job.errors().matches("(?s).*epoch 2/3.*minibatch.*"));
      long start = System.nanoTime();
      for (long pid : eight.executorPids().subList(0, 4)) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        Thread.sleep(millisBetween);
      }
      await("end", REACTION.minusNanos(System.nanoTime() - start), () -> !job.isAlive());
      job.assertExitCode(75);
      assertThat(job.errors()).containsPattern("(executor|task|worker|Spark).*(lost|failed)");
    } finally {
      job.kill();
      eight.stop();
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("rounds")
  void finishesAfterAFault(Round round) throws Exception {
    cluster.start();
    run = directory.resolve("runs/f");
    String[] command = command("run", round.trainer());
    SparkVaeProcess job = SparkVaeProcess.start(directory, driver(), command);
    try {
      await("the time of the fault", END, () -> !job.isAlive() || isReached(round.afterEpoch()));
      Thread.sleep(round.millis());

      boolean wasAlive = job.isAlive();
      boolean wasTraining = wasAlive && isReached(1) && !isReached(EPOCHS - 1);
      boolean hadExecutors = !cluster.executorHosts().isEmpty();
      long before = distinctLines(job);
      inflict(round, job);
      if (wasTraining && round.fault() != Fault.DRIVER_KILLED) {
        await("exit code 75 after " + round, REACTION, () -> hasFailedTemporarily(job));
        assertThat(job.errors()).containsPattern("(executor|task|worker|Spark).*(lost|failed)");
      } else if (round.fault() == Fault.CLUSTER_KILLED && hadExecutors) {
        await("end after " + round, REACTION, () -> !job.isAlive() || hasFailedTemporarily(job));
      } else if (wasAlive) {
        await(
            "progress after " + round,
            REACTION,
            () -> !job.isAlive() || distinctLines(job) > before);
      }
      SparkVaeProcess last = job;
      if (round.fault() == Fault.CLUSTER_KILLED) {
        job.kill();
        cluster.stop();
        cluster.start();
        last = SparkVaeProcess.start(directory, driver(), command);
      }
      if (round.fault() == Fault.HOST_CUT_FOR_A_MINUTE) {
        Thread.sleep(Duration.ofMinutes(1).toMillis());
        cluster.heal(round.host());
      }
      last.awaitEnd().assertExitCode(0);
    } finally {
      job.kill();
    }
    assertTrained();
    ReconstructionsTable.assertComplete(run, IMAGES, IMAGES);
    assertThat(run.resolve("_SUCCESS")).exists();
    // Executors that have lost their driver also end.
    await("end of the executors", REACTION, () -> cluster.executorHosts().isEmpty());
  }

  /** Other stages rely on Spark's task retries, which require at least one executor. */
  @Test
  @EnabledIfSystemProperty(named = "faults", matches = LONG_MODE)
  void stageWithoutExecutorsFailsWithExitCode75() throws Exception {
    cluster.start();
    String runs = directory.resolve("runs").toString();
    SparkVaeProcess job =
        SparkVaeProcess.start(
            directory,
            driver(),
            "run",
            "--run-id",
            "s",
            "--output",
            runs,
            "--limit",
            "3000",
            "--epochs",
            "1",
            "--trainer",
            "local",
            "--config",
            "conf/model2.yaml");
    try {
      Path model = directory.resolve("runs/s/model.zip");
      await("model", END, () -> !job.isAlive() || Files.exists(model));
      assertThat(cluster.executorHosts()).isNotEmpty();
      cluster.powerOff();
      await("end", REACTION, () -> !job.isAlive());
      job.assertExitCode(75);
      assertThat(job.errors()).contains("all executors were lost");
    } finally {
      job.kill();
    }
  }

  /** Spark itself notices this only after more than a minute. */
  @Test
  @EnabledIfSystemProperty(named = "faults", matches = LONG_MODE)
  void unreachableMasterFailsWithExitCode75() throws Exception {
    cluster.start();
    cluster.powerOff();
    SparkVaeProcess job =
        SparkVaeProcess.start(
            directory,
            driver(),
            "train",
            "--run-id",
            "n",
            "--output",
            directory.resolve("runs").toString());
    try {
      await("end", REACTION, () -> !job.isAlive());
      job.assertExitCode(75);
      assertThat(job.errors()).contains("no answer within 40 s");
    } finally {
      job.kill();
    }
  }

  private Driver driver() {
    return cluster.driver();
  }

  private void inflict(Round round, SparkVaeProcess job) throws InterruptedException {
    switch (round.fault()) {
      case EXECUTOR_KILLED -> {
        boolean hasExecutor = cluster.executorHosts().contains(round.host());
        assertThat(cluster.killExecutors(round.host()).isEmpty()).isNotEqualTo(hasExecutor);
      }
      case EXECUTOR_STOPPED -> cluster.suspendExecutors(round.host());
      case EXECUTORS_KILLED_ONE_AFTER_ANOTHER -> {
        cluster.killExecutors(round.host());
        Thread.sleep(round.millis() % 3000);
        cluster.killExecutors(3 - round.host());
      }
      case HOST_KILLED -> cluster.killHost(round.host());
      case HOST_CUT_FOR_A_MINUTE, HOST_CUT_PERMANENTLY -> cluster.cut(round.host());
      case DRIVER_KILLED -> job.killJvm();
      case CLUSTER_KILLED -> cluster.powerOff();
    }
  }

  /**
   * Counts the distinct output lines, ignoring the times that a stalled progress bar still prints.
   */
  private static long distinctLines(SparkVaeProcess job) throws IOException {
    return Stream.of(job.output(), job.errors())
        .flatMap(String::lines)
        .map(line -> line.replaceAll("\\(.*", ""))
        .distinct()
        .count();
  }

  /** Returns the beginning of the launcher's message about an attempt with exit code 75. */
  private static String temporaryFailureOfAttempt(int attempt) {
    return "attempt %d of 6: temporary failure (exit code 75). Attempt %d starts"
        .formatted(attempt, attempt + 1);
  }

  private static boolean hasFailedTemporarily(SparkVaeProcess job) throws IOException {
    return job.errors().contains(temporaryFailureOfAttempt(1));
  }

  /**
   * Returns whether a host has the Aeron buffers and the temporary directory of one process only.
   */
  private boolean hasFilesOfOneProcess(int host) throws IOException {
    try (Stream<Path> files = Files.list(cluster.state().resolve("host-%d/tmp".formatted(host)))) {
      return files.filter(file -> file.toString().contains("spark-vae-process-")).count() == 1
          && cluster.sharedMemory(host).size() == 1;
    }
  }

  private boolean isReached(int epoch) {
    return epoch == 0 || Files.exists(run.resolve("checkpoints/epoch-%04d".formatted(epoch)));
  }

  private void assertTrained() throws Exception {
    List<EpochRecord> history = History.parse(Files.readString(run.resolve("history.csv")));
    assertThat(history).extracting(EpochRecord::epoch).containsExactly(1, 2, 3);
    assertThat(history).extracting(EpochRecord::examples).containsOnly(IMAGES);
    assertThat(history.get(EPOCHS - 1).trainLossMean()).isLessThan(history.get(0).trainLossMean());
    Storage checkpoints = Storage.at(run.resolve("checkpoints").toString());
    Checkpoint last =
        new CheckpointDirectory(checkpoints, warning -> assertThat(warning).isEmpty())
            .latest()
            .orElseThrow();
    assertThat(last.epoch()).isEqualTo(EPOCHS);
    INDArray parameters = ModelFile.read(Files.readAllBytes(run.resolve("model.zip"))).params();
    assertThat(floats(parameters)).isEqualTo(floats(last.model().params()));
    assertThat(Double.isFinite(parameters.norm2Number().doubleValue())).isTrue();
  }

  private static float[] floats(INDArray array) {
    return array.reshape(array.length()).toFloatVector();
  }
}
