package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.IdxFiles;
import org.sparkvae.testing.RunOutputs;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;

/**
 * Stops the main job in work that a filled cache would skip: while it fetches MNIST and writes it
 * as Parquet, and while it trains the classifier. {@link InterruptionIT} covers all other work.
 */
@CompleteBuild
@Timeout(1200)
class EmptyCacheInterruptionIT {
  private static final int INTERRUPTIONS = 4;
  private static final Duration END = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final Random random = new Random(20261123);

  @Test
  void resumesFetchingMnist() throws Exception {
    long start = System.nanoTime();
    fetch(0).awaitEnd().assertExitCode(0);
    long usualMillis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    String expected = RunOutputs.images(directory.resolve("0/runs/_data"));
    for (int n = 1; n <= INTERRUPTIONS; n++) {
      interrupt(n, fetch(n), usualMillis);
      fetch(n).awaitEnd().assertExitCode(0);
      assertThat(RunOutputs.images(directory.resolve(n + "/runs/_data"))).isEqualTo(expected);
      assertThat(visibleFiles(directory.resolve(n + "/cache/spark-vae/mnist"))).hasSize(4);
    }
  }

  @Test
  void resumesTrainingTheClassifier() throws Exception {
    fetch(0).awaitEnd().assertExitCode(0);
    Path mnist = directory.resolve("0/cache/spark-vae/mnist");
    // Each data set has its own classifier.
    Path set = IdxFiles.first(mnist, 600, 150, directory.resolve("set"));
    run(0, set).awaitEnd().assertExitCode(0);
    Path uninterrupted = directory.resolve("0/runs/model1");
    Map<String, String> expected = RunOutputs.of(uninterrupted);
    long usualMillis =
        modifiedMillis(uninterrupted.resolve("evaluation.json"))
            - modifiedMillis(lastFigure(uninterrupted));
    for (int n = 1; n <= INTERRUPTIONS; n++) {
      SparkVaeProcess job = run(n, set);
      Path run = directory.resolve(n + "/runs/model1");
      while (!Files.exists(lastFigure(run)) && job.isAlive()) {
        Thread.sleep(5);
      }
      interrupt(n, job, usualMillis);
      assertThat(run.resolve("report.html")).as("interrupted too late").doesNotExist();
      run(n, set).awaitEnd().assertExitCode(0);
      assertThat(RunOutputs.of(run)).isEqualTo(expected);
      try (Stream<Path> classifiers =
          Files.list(directory.resolve(n + "/cache/spark-vae/classifiers"))) {
        assertThat(visibleFiles(classifiers.findAny().orElseThrow()))
            .containsExactlyInAnyOrder("SHA256SUMS", "model.zip", "state.json");
      }
    }
  }

  private static Path lastFigure(Path run) {
    return run.resolve("figures/interpolation.png");
  }

  private static long modifiedMillis(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toMillis();
  }

  private void interrupt(int n, SparkVaeProcess job, long usualMillis) throws Exception {
    try {
      Thread.sleep((long) (usualMillis * random.nextDouble()));
      assertThat(job.isAlive()).as("interrupted too late").isTrue();
      if (n % 2 == 0) {
        assertThat(job.terminate(END)).isEqualTo(143);
      }
    } finally {
      job.kill();
    }
  }

  private SparkVaeProcess fetch(int n) throws IOException {
    return start(n, "data");
  }

  private SparkVaeProcess run(int n, Path set) throws IOException {
    return start(
        n,
        "run",
        "--run-id",
        "model1",
        "--data",
        set.toString(),
        "--epochs",
        "1",
        "--trainer",
        "local",
        "--config",
        "conf/model2.yaml");
  }

  /** Starts a job with the n-th cache and output directory. */
  private SparkVaeProcess start(int n, String... command) throws IOException {
    Path base = Files.createDirectories(directory.resolve(String.valueOf(n)));
    Driver driver = Driver.withCache(base.resolve("cache"));
    List<String> arguments =
        Stream.concat(Stream.of(command), Stream.of("--output", base.resolve("runs").toString()))
            .toList();
    return SparkVaeProcess.start(directory, driver, arguments.toArray(String[]::new));
  }

  private static List<String> visibleFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .toList();
    }
  }
}
