package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.cluster.Driver;
import org.sparkvae.cluster.SparkCluster;
import org.sparkvae.model.ModelFile;
import org.sparkvae.storage.Storage;
import org.sparkvae.training.Checkpoint;
import org.sparkvae.training.CheckpointDirectory;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/**
 * Kills something of the main job, on a cluster of two hosts, and expects the same command to end
 * as if nothing had been. Every build loses an executor and then a host while training; {@code mvn
 * verify -Dfaults=20} loses one of many things at 20 random moments of the whole job. The seed is
 * in each test's name and can be given with {@code -Dfaults.seed=N}.
 */
class FaultInjectionIT {
  private static final int IMAGES = 600;
  private static final int EPOCHS = 4;
  private static final Duration REACTION = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofMinutes(6);
  private static final int LATEST_MILLIS = 15_000;

  private static final String LONG_MODE = "\\d+";

  @TempDir Path directory;

  private final SparkCluster cluster = SparkCluster.of(2);
  private Path run;

  /** What may happen. */
  enum Fault {
    EXECUTOR_KILLED,
    HOST_CUT_FOR_GOOD,
    DRIVER_KILLED,
    HOST_KILLED,
    HOST_CUT_FOR_A_MINUTE,
    CLUSTER_KILLED
  }

  static Stream<Round> rounds() {
    long seed = Long.getLong("faults.seed", System.nanoTime());
    Fault[] kinds = Fault.values();
    return IntStream.range(0, Integer.getInteger("faults", 0))
        .mapToObj(
            n -> {
              Random random = new Random(seed + n);
              Fault fault = kinds[random.nextInt(kinds.length)];
              String trainer = n % 3 == 2 ? "averaging" : "shared";
              return new Round(
                  seed,
                  n,
                  fault,
                  trainer,
                  1 + random.nextInt(2),
                  random.nextInt(EPOCHS + 1),
                  random.nextInt(LATEST_MILLIS));
            });
  }

  record Round(
      long seed, int number, Fault fault, String trainer, int host, int afterEpoch, int millis) {}

  @AfterEach
  void stopCluster() {
    cluster.stop();
  }

  private String[] command(String verb, String trainer) {
    return new String[] {
      verb,
      "--run-id",
      "f",
      "--output",
      directory.resolve("runs").toString(),
      "--limit",
      String.valueOf(IMAGES),
      "--epochs",
      String.valueOf(EPOCHS),
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
  void trainsOnWhenAnExecutorAndThenAHostIsLost() throws Exception {
    cluster.start();
    run = directory.resolve("runs/f");
    SparkVaeProcess job = SparkVaeProcess.start(directory, driver(), command("train", "shared"));
    try {
      await("the first epoch", END, () -> !job.isAlive() || isReached(1));
      assertThat(cluster.killExecutors(1)).isNotEmpty();
      await("exit code 75", REACTION, () -> job.errors().contains("; attempt 2 of 6"));
      await("the second epoch", END, () -> !job.isAlive() || isReached(2));
      await("the killed executor's leftovers' end", REACTION, () -> isOfOneProcess(1));
      cluster.cut(2);
      await("exit code 75", REACTION, () -> job.errors().contains("; attempt 3 of 6"));
      assertThat(job.errors())
          .containsPattern("(executor|task|worker|Spark).*(lost|failed|gave up)");
      job.awaitEnd().assertExitCode(0);
    } finally {
      job.kill();
    }
    assertTrained();
    await("the executors' end", REACTION, () -> cluster.executors().isEmpty());
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("rounds")
  void endsAsIfNothingHadBeen(Round round) throws Exception {
    cluster.start();
    run = directory.resolve("runs/f");
    String[] command = command("run", round.trainer());
    SparkVaeProcess job = SparkVaeProcess.start(directory, driver(), command);
    try {
      await("the moment", END, () -> !job.isAlive() || isReached(round.afterEpoch()));
      Thread.sleep(round.millis());

      boolean wasAlive = job.isAlive();
      boolean wasTraining = wasAlive && isReached(1) && !isReached(EPOCHS - 1);
      boolean hadExecutors = !cluster.executors().isEmpty();
      long before = said(job);
      inflict(round, job);
      if (wasTraining && round.fault() != Fault.DRIVER_KILLED) {
        await("exit code 75 after " + round, REACTION, () -> hasFailedOutside(job));
        assertThat(job.errors())
            .containsPattern("(executor|task|worker|Spark).*(lost|failed|gave up)");
      } else if (round.fault() == Fault.CLUSTER_KILLED && hadExecutors) {
        await("end after " + round, REACTION, () -> !job.isAlive() || hasFailedOutside(job));
      } else if (wasAlive) {
        await("going on after " + round, REACTION, () -> !job.isAlive() || said(job) > before);
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
    // An executor that nobody can tell ends by itself too.
    await("the executors' end", REACTION, () -> cluster.executors().isEmpty());
  }

  /** Spark's own retries, which other stages have, do not help where nobody is left to try. */
  @Test
  @EnabledIfSystemProperty(named = "faults", matches = LONG_MODE)
  void aStageWithoutAnyExecutorEndsTheProcess() throws Exception {
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
      assertThat(cluster.executors()).isNotEmpty();
      cluster.powerOff();
      await("end", REACTION, () -> !job.isAlive());
      job.assertExitCode(75);
      assertThat(job.errors()).contains("every executor was lost");
    } finally {
      job.kill();
    }
  }

  /** Spark itself takes more than a minute to find that out. */
  @Test
  @EnabledIfSystemProperty(named = "faults", matches = LONG_MODE)
  void aMasterThatDoesNotAnswerEndsTheProcess() throws Exception {
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

  private void inflict(Round round, SparkVaeProcess job) {
    switch (round.fault()) {
      case EXECUTOR_KILLED -> {
        boolean wereThere = cluster.executors().contains(round.host());
        assertThat(cluster.killExecutors(round.host()).isEmpty()).isNotEqualTo(wereThere);
      }
      case HOST_KILLED -> cluster.killHost(round.host());
      case HOST_CUT_FOR_A_MINUTE, HOST_CUT_FOR_GOOD -> cluster.cut(round.host());
      case DRIVER_KILLED -> job.killJob();
      case CLUSTER_KILLED -> cluster.powerOff();
    }
  }

  /** Grows with all that is done; a bar that stands still says the same, but for its times. */
  private static long said(SparkVaeProcess job) throws IOException {
    return Stream.of(job.output(), job.errors())
        .flatMap(String::lines)
        .map(line -> line.replaceAll("\\(.*", ""))
        .distinct()
        .count();
  }

  /** Says so in the launcher's words for exit code 75. */
  private static boolean hasFailedOutside(SparkVaeProcess job) throws IOException {
    return job.errors().contains("something outside failed");
  }

  /** What executors keep on a host: Aeron's buffers and a folder each. */
  private boolean isOfOneProcess(int host) throws IOException {
    try (Stream<Path> files = Files.list(cluster.state().resolve("host-%d/tmp".formatted(host)))) {
      return files.filter(each -> each.toString().contains("spark-vae-process-")).count() == 1
          && cluster.sharedMemory(host).size() == 1;
    }
  }

  private boolean isReached(int epoch) {
    return epoch == 0 || Files.exists(run.resolve("checkpoints/epoch-%04d".formatted(epoch)));
  }

  private void assertTrained() throws Exception {
    List<EpochRecord> history = History.parse(Files.readString(run.resolve("history.csv")));
    assertThat(history).extracting(EpochRecord::epoch).containsExactly(1, 2, 3, 4);
    assertThat(history).extracting(EpochRecord::examples).containsOnly(IMAGES);
    assertThat(history.get(EPOCHS - 1).trainLossMean()).isLessThan(history.get(0).trainLossMean());
    Storage checkpoints = Storage.at(run.resolve("checkpoints").toString(), new Configuration());
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

  private static void await(String what, Duration within, Callable<Boolean> condition)
      throws Exception {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("no " + what).isLessThan(deadline);
      Thread.sleep(100);
    }
  }
}
