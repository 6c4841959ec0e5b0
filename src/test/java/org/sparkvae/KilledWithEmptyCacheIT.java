package org.sparkvae;

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
import org.sparkvae.cluster.Driver;

/**
 * As {@link KilledAtAnyInstantIT}, where the user's cache leaves no work to be killed in: while
 * MNIST is fetched and written as Parquet, and while the classifier is trained.
 */
@CompleteBuild
@Timeout(1200)
class KilledWithEmptyCacheIT {
  private static final int MOMENTS = 4;
  private static final Duration END = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final Random shares = new Random(20261123);

  @Test
  void whileMnistIsFetched() throws Exception {
    long start = System.nanoTime();
    fetch(0).awaitEnd().assertExitCode(0);
    long usual = Duration.ofNanos(System.nanoTime() - start).toMillis();
    String expected = RunOutputs.images(directory.resolve("0/runs/_data"));
    for (int n = 1; n <= MOMENTS; n++) {
      interrupt(n, fetch(n), usual);
      fetch(n).awaitEnd().assertExitCode(0);
      assertThat(RunOutputs.images(directory.resolve(n + "/runs/_data"))).isEqualTo(expected);
      assertThat(visible(directory.resolve(n + "/cache/spark-vae/mnist"))).hasSize(4);
    }
  }

  @Test
  void whileTheClassifierIsTrained() throws Exception {
    fetch(0).awaitEnd().assertExitCode(0);
    Path mnist = directory.resolve("0/cache/spark-vae/mnist");
    // A set of its own has a classifier of its own.
    Path set = IdxFiles.first(mnist, 600, 150, directory.resolve("set"));
    run(0, set).awaitEnd().assertExitCode(0);
    Path whole = directory.resolve("0/runs/model1");
    Map<String, String> expected = RunOutputs.of(whole);
    long usual = modified(whole.resolve("evaluation.json")) - modified(lastFigure(whole));
    for (int n = 1; n <= MOMENTS; n++) {
      SparkVaeProcess job = run(n, set);
      Path run = directory.resolve(n + "/runs/model1");
      while (!Files.exists(lastFigure(run)) && job.isAlive()) {
        Thread.sleep(5);
      }
      interrupt(n, job, usual);
      assertThat(run.resolve("report.html")).as("it was too late").doesNotExist();
      run(n, set).awaitEnd().assertExitCode(0);
      assertThat(RunOutputs.of(run)).isEqualTo(expected);
      try (Stream<Path> kept = Files.list(directory.resolve(n + "/cache/spark-vae/classifiers"))) {
        assertThat(visible(kept.findAny().orElseThrow()))
            .containsExactlyInAnyOrder("SHA256SUMS", "model.zip", "state.json");
      }
    }
  }

  private static Path lastFigure(Path run) {
    return run.resolve("figures/interpolation.png");
  }

  private static long modified(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toMillis();
  }

  private void interrupt(int n, SparkVaeProcess job, long usual) throws Exception {
    try {
      Thread.sleep((long) (usual * shares.nextDouble()));
      assertThat(job.isAlive()).as("it was too late").isTrue();
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

  /** With a cache and an output folder of its own. */
  private SparkVaeProcess start(int n, String... command) throws IOException {
    Path own = Files.createDirectories(directory.resolve(String.valueOf(n)));
    Driver driver = Driver.withCache(own.resolve("cache"));
    List<String> words =
        Stream.concat(Stream.of(command), Stream.of("--output", own.resolve("runs").toString()))
            .toList();
    return SparkVaeProcess.start(directory, driver, words.toArray(String[]::new));
  }

  private static List<String> visible(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(each -> each.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .toList();
    }
  }
}
