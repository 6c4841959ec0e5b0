package org.sparkvae;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The main job stopped at a moment of one of its stages, by SIGTERM or SIGKILL in turn, and started
 * again with the same words, leaves what an uninterrupted one leaves, bit for bit. Every build
 * stops it once, {@code mvn verify -Dkills=60} at 60 moments over all stages. The seed is in each
 * test's name and can be given with {@code -Dkills.seed=N}.
 */
class KilledAtAnyInstantIT {
  private static final Duration DEADLINE = Duration.ofMinutes(5);
  private static final Duration END = Duration.ofSeconds(30);

  /**
   * What ends one stage and begins the next, in order: what is written once, so that its time says
   * when. After the fourth epoch the first's checkpoint is deleted.
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
   * One interruption.
   *
   * @param stage that ends with the milestone of that number
   * @param share of the stage's usual duration that is over by then
   */
  record Moment(long seed, int number, boolean kill, int stage, double share) {}

  static Stream<Moment> moments() {
    long seed = Long.getLong("kills.seed", 20261123);
    // In every build the third epoch, by SIGTERM; FaultInjectionIT kills.
    int first = Integer.getInteger("kills") == null ? 2 : 0;
    // One sequence: of neighbouring seeds the first numbers are neighbours too.
    Random shares = new Random(seed);
    return IntStream.range(0, Integer.getInteger("kills", 1))
        .mapToObj(
            n -> {
              int stage = (first + n) % MILESTONES.size();
              boolean kill = (n + n / MILESTONES.size()) % 2 == 1;
              return new Moment(seed, n, kill, stage, shares.nextDouble());
            });
  }

  @ParameterizedTest
  @MethodSource("moments")
  void leavesWhatAnUninterruptedOneLeaves(Moment moment) throws Exception {
    Path whole = FinishedRun.copyTo(directory.resolve("whole"));
    Path runs = directory.resolve("runs");
    Path run = runs.resolve(FinishedRun.ID);
    String[] command = FinishedRun.command(runs);

    SparkVaeProcess job = SparkVaeProcess.start(directory, command);
    try {
      if (moment.stage() > 0) {
        await(run.resolve(MILESTONES.get(moment.stage() - 1)), job);
      }
      Thread.sleep((long) (moment.share() * usualMillis(whole, moment.stage())));
      boolean alive = job.isAlive();
      if (moment.kill()) {
        job.kill();
        System.out.printf("%s: %s%n", moment, alive ? "killed" : "had ended");
      } else {
        long start = System.nanoTime();
        int code = job.terminate(END);
        System.out.printf(
            "%s: ended with %d after %d ms%n",
            moment, code, Duration.ofNanos(System.nanoTime() - start).toMillis());
        assertThat(code).isIn(143, 0);
        // Before the first stage there may be nobody yet who could say it.
        assertQuiet(job, code == 143 && moment.stage() > 0 ? 1 : 0);
        assertNothingLeft(runs);
      }
    } finally {
      job.kill();
    }
    SparkVaeProcess.run(directory, command).assertExitCode(0);
    assertThat(RunOutputs.of(run)).isEqualTo(RunOutputs.of(whole));
    assertNothingLeft(runs);
    FileUtils.deleteDirectory(runs.toFile());
  }

  /** Neither what was half-written nor a lock. */
  private static void assertNothingLeft(Path runs) throws IOException {
    if (!Files.exists(runs)) {
      return;
    }
    try (Stream<Path> left = Files.walk(runs)) {
      assertThat(left.map(each -> each.getFileName().toString()))
          .noneMatch(name -> name.startsWith("_writing") || name.startsWith("_lock"));
    }
  }

  /** Nothing but progress, and one line that says what to do. */
  private static void assertQuiet(SparkVaeProcess job, int fewest) throws IOException {
    List<String> lines =
        job.errors().lines().filter(line -> !line.matches(".*\\d+% \\[.*|\\s*")).toList();
    assertThat(lines).hasSizeBetween(fewest, 1);
    assertThat(lines).allMatch(line -> line.startsWith("sparkvae: interrupted; "));
  }

  /**
   * By the times of what an uninterrupted run has written; of the first, until Java has started.
   */
  private static long usualMillis(Path whole, int stage) throws IOException {
    if (stage == 0) {
      return 5000;
    }
    return Math.max(
        200,
        Files.getLastModifiedTime(whole.resolve(MILESTONES.get(stage))).toMillis()
            - Files.getLastModifiedTime(whole.resolve(MILESTONES.get(stage - 1))).toMillis());
  }

  private static void await(Path file, SparkVaeProcess job) throws Exception {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!Files.exists(file) && job.isAlive()) {
      assertThat(System.nanoTime()).as("no %s: %s", file, job.errors()).isLessThan(deadline);
      Thread.sleep(5);
    }
  }
}
