package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkvae.testing.FinishedRun;
import org.sparkvae.testing.RunOutputs;
import org.sparkvae.testing.SparkVaeProcess;

/**
 * Stops the main job at a random time by SIGTERM or SIGKILL and reruns the same command. The
 * outputs must be bit for bit those of an uninterrupted job. Every build stops the job once; {@code
 * mvn verify -Dkills=60} stops it at 60 times in all stages. The seed is in each test's name and
 * can be set with {@code -Dkills.seed=N}.
 */
@Order(2)
class InterruptionIT {
  private static final Duration DEADLINE = Duration.ofMinutes(5);
  private static final Duration END = Duration.ofSeconds(30);

  /**
   * The file that each stage writes at its end, in the order of the stages. Each file is written
   * only once, so its modification time is the end of its stage. The list omits the first epoch's
   * checkpoint, which is deleted after the fourth epoch.
   */
  private static final List<String> MILESTONES =
      List.of(
          "config.yaml",
          "checkpoints/epoch-0002/SHA256SUMS",
          "checkpoints/epoch-0003/SHA256SUMS",
          "checkpoints/epoch-0004/SHA256SUMS",
          "model.zip",
          "reconstructions",
          "figures/interpolation.png",
          "evaluation.json",
          "report.html",
          "_SUCCESS");

  @TempDir Path directory;

  /**
   * The time and signal of one interruption.
   *
   * @param kill true for SIGKILL, false for SIGTERM
   * @param stage index in {@link #MILESTONES} of the stage to interrupt
   * @param fraction fraction of the stage's usual duration before the interruption
   */
  record Interruption(long seed, int number, boolean kill, int stage, double fraction) {}

  static Stream<Interruption> interruptions() {
    long seed = Long.getLong("kills.seed", 20261123);
    // By default, SIGTERM in the third epoch; FaultInjectionIT covers SIGKILL.
    int first = Integer.getInteger("kills") == null ? 2 : 0;
    // One sequence of numbers, because the first numbers of neighboring seeds are similar.
    Random random = new Random(seed);
    return IntStream.range(0, Integer.getInteger("kills", 1))
        .mapToObj(
            n -> {
              int stage = (first + n) % MILESTONES.size();
              boolean kill = (n + n / MILESTONES.size()) % 2 == 1;
              return new Interruption(seed, n, kill, stage, random.nextDouble());
            });
  }

  @ParameterizedTest
  @MethodSource("interruptions")
  void rerunProducesTheOutputsOfAnUninterruptedJob(Interruption interruption) throws Exception {
    Path uninterrupted = FinishedRun.copyTo(directory.resolve("uninterrupted"));
    Path runs = directory.resolve("runs");
    Path run = runs.resolve(FinishedRun.ID);
    String[] command = FinishedRun.command(runs);

    SparkVaeProcess job = SparkVaeProcess.start(directory, command);
    try {
      if (interruption.stage() > 0) {
        await(run.resolve(MILESTONES.get(interruption.stage() - 1)), job);
      }
      Thread.sleep(
          (long) (interruption.fraction() * usualMillis(uninterrupted, interruption.stage())));
      boolean alive = job.isAlive();
      if (interruption.kill()) {
        job.kill();
        System.out.printf("%s: %s%n", interruption, alive ? "killed" : "already finished");
      } else {
        long start = System.nanoTime();
        int code = job.terminate(END);
        System.out.printf(
            "%s: exit code %d after %d ms%n",
            interruption, code, Duration.ofNanos(System.nanoTime() - start).toMillis());
        assertThat(code).isIn(143, 0);
        // Before the first stage, the handler that prints the message may not be installed yet.
        assertOnlyInterruptionMessage(job, code == 143 && interruption.stage() > 0 ? 1 : 0);
        assertNoTemporaryFiles(runs);
      }
    } finally {
      job.kill();
    }
    SparkVaeProcess.run(directory, command).assertExitCode(0);
    assertThat(RunOutputs.of(run)).isEqualTo(RunOutputs.of(uninterrupted));
    assertNoTemporaryFiles(runs);
    FileUtils.deleteDirectory(runs.toFile());
  }

  /** Asserts that neither temporary files nor a lock remain. */
  private static void assertNoTemporaryFiles(Path runs) throws IOException {
    if (!Files.exists(runs)) {
      return;
    }
    try (Stream<Path> files = Files.walk(runs)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("_writing") || name.startsWith("_lock"));
    }
  }

  /** Asserts that the only error output is progress and at most one line with advice. */
  private static void assertOnlyInterruptionMessage(SparkVaeProcess job, int minimum)
      throws IOException {
    List<String> lines =
        job.errors().lines().filter(line -> !line.matches(".*\\d+% \\[.*|\\s*")).toList();
    assertThat(lines).hasSizeBetween(minimum, 1);
    assertThat(lines).allMatch(line -> line.startsWith("sparkvae: interrupted. "));
  }

  /**
   * Returns the duration of a stage, from the modification times of an uninterrupted run. For the
   * first stage, returns the startup time of Java.
   */
  private static long usualMillis(Path uninterrupted, int stage) throws IOException {
    if (stage == 0) {
      return 5000;
    }
    return Math.max(
        200,
        Files.getLastModifiedTime(uninterrupted.resolve(MILESTONES.get(stage))).toMillis()
            - Files.getLastModifiedTime(uninterrupted.resolve(MILESTONES.get(stage - 1)))
                .toMillis());
  }

  private static void await(Path file, SparkVaeProcess job) throws Exception {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!Files.exists(file) && job.isAlive()) {
      assertThat(System.nanoTime()).as("no %s: %s", file, job.errors()).isLessThan(deadline);
      Thread.sleep(5);
    }
  }
}
