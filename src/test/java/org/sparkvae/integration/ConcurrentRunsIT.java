package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.IdxFiles;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;

/** Tests two jobs on one run: the second is rejected, and a killed job does not block the next. */
@CompleteBuild
@Timeout(600)
@Isolated("runs two jobs at once")
class ConcurrentRunsIT {
  @TempDir Path directory;

  private String[] command() {
    String output = directory.resolve("runs").toString();
    return new String[] {
      "train",
      "--run-id",
      "same",
      "--limit",
      "2000",
      "--epochs",
      "1",
      "--trainer",
      "local",
      "--output",
      output
    };
  }

  private SparkVaeProcess start() throws IOException {
    return SparkVaeProcess.start(directory, command());
  }

  private static void assertRejected(SparkVaeProcess second) throws IOException {
    second.assertExitCode(2);
    assertThat(second.errors().strip().lines())
        .singleElement()
        .asString()
        .startsWith("sparkvae: Run 'same' is locked by process ");
  }

  private void assertNoLock() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("runs/same"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "config.yaml", "provenance.json", "checkpoints", "history.csv", "model.zip");
    }
  }

  @Test
  void oneOfTwoConcurrentJobsTrains() throws Exception {
    SparkVaeProcess one = start();
    SparkVaeProcess other = start();
    List<SparkVaeProcess> both = List.of(one.awaitEnd(), other.awaitEnd());
    assertThat(both.stream().map(SparkVaeProcess::exitCode)).containsExactlyInAnyOrder(0, 2);
    assertRejected(one.exitCode() == 2 ? one : other);
    assertNoLock();
  }

  @Test
  void killedJobDoesNotBlockTheNext() throws Exception {
    SparkVaeProcess first = start();
    while (!Files.exists(directory.resolve("runs/same/history.csv")) && first.isAlive()) {
      Thread.sleep(20);
    }
    // Without the stop, the first job could finish before the second starts.
    first.signal("STOP");
    assertRejected(SparkVaeProcess.run(directory, command()));
    assertThat(first.isAlive()).isTrue();
    first.kill();
    assertThat(directory.resolve("runs/same/_lock-1")).exists();
    assertThat(directory.resolve("runs/same/model.zip")).doesNotExist();

    SparkVaeProcess next = SparkVaeProcess.run(directory, command()).assertExitCode(0);
    assertThat(next.output()).doesNotContain("locked");
    assertNoLock();
  }

  /** Both jobs fetch MNIST and train the classifier; the cache ends up complete. */
  @Test
  void twoConcurrentJobsFillAnEmptyCache() throws Exception {
    Path cache = directory.resolve("cache");
    runTwice(cache, "data");
    Path mnist = cache.resolve("spark-vae/mnist");
    assertThat(mnist.toFile().list()).hasSize(4);
    // Each data set has its own classifier.
    Path set = IdxFiles.first(mnist, 300, 150, directory.resolve("set"));
    runTwice(
        cache,
        "run",
        "--data",
        set.toString(),
        "--epochs",
        "1",
        "--trainer",
        "local",
        "--config",
        "conf/model2.yaml");
    try (Stream<Path> files = Files.walk(cache.resolve("spark-vae/classifiers"))) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model.zip", "state.json", "SHA256SUMS");
    }
    // A third job uses the cached classifier.
    SparkVaeProcess third =
        start(cache, "third", "run", "--data", set.toString(), "--epochs", "1").awaitEnd();
    assertThat(third.assertExitCode(0).output() + third.errors())
        .doesNotContain("training a classifier");
  }

  private void runTwice(Path cache, String... command) throws Exception {
    SparkVaeProcess one = start(cache, "one", command);
    SparkVaeProcess other = start(cache, "other", command);
    one.awaitEnd().assertExitCode(0);
    other.awaitEnd().assertExitCode(0);
    assertThat(one.errors() + other.errors()).doesNotContain("damaged");
  }

  private SparkVaeProcess start(Path cache, String output, String... command) throws IOException {
    String[] arguments = Arrays.copyOf(command, command.length + 2);
    arguments[command.length] = "--output";
    arguments[command.length + 1] = directory.resolve(output).toString();
    return SparkVaeProcess.start(directory, Driver.withCache(cache), arguments);
  }
}
