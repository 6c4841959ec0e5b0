package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.Release;
import org.sparkvae.testing.cluster.SparkCluster;

/**
 * Runs the tasks of {@code submit/airflow/retrain_mnist_vae.py} with their own command lines on a
 * cluster. If Airflow is not installed, {@code src/test/airflow} replaces it.
 */
@CompleteBuild
@Timeout(600)
class AirflowIT {
  private static final int SECONDS = 300;

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.of(1);

  @TempDir Path directory;

  private Path release;

  /** A running task. */
  private record Task(Process process, Path output) {
    /** Waits for the end of the task and returns its last line: Airflow's decision. */
    String outcome() throws Exception {
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
      List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
      return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }
  }

  private Task start(String interval, String task) throws IOException {
    Path output = Files.createTempFile(directory, task, ".txt");
    ProcessBuilder builder =
        new ProcessBuilder("python3", "src/test/airflow/run_task.py", interval, task)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("SPARK"));
    environment.merge(
        "PATH",
        Path.of("src/test/airflow").toAbsolutePath() + ":",
        (path, directory) -> directory + path);
    environment.put("SPARK_DEFAULT_CONNECTION", CLUSTER.master());
    environment.put(
        "SPARK_SUBMIT_ARGUMENTS",
        CLUSTER.driver().properties().entrySet().stream()
            .map(property -> "--conf %s=%s".formatted(property.getKey(), property.getValue()))
            .collect(Collectors.joining(" ")));
    environment.put("SPARK_VAE_HOME", release.toString());
    environment.put("SPARK_VAE_RUNS", runs().toString());
    new TreeMap<>(Map.of("LIMIT", "300", "EPOCHS", "2", "LATENT_CHANNELS", "16", "DROPOUT", "0"))
        .forEach((setting, value) -> environment.put("SPARKVAE_" + setting, value));
    environment.put("XDG_STATE_HOME", directory.toString());
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    return new Task(builder.start(), output);
  }

  private String run(String interval, String task) throws Exception {
    return start(interval, task).outcome();
  }

  private Path runs() {
    return directory.resolve("runs");
  }

  @BeforeEach
  void unpackRelease() throws Exception {
    release = Release.unpack(Files.createDirectory(directory.resolve("opt")));
  }

  @Test
  void trainsGatesAndPublishesEachIntervalOnce() throws Exception {
    String interval = "20260105T000000";
    Path runDirectory = runs().resolve(interval);
    Task killed = start(interval, "run");
    while (!Files.exists(runDirectory.resolve("checkpoints/epoch-0001"))
        && killed.process().isAlive()) {
      Thread.sleep(50);
    }
    killed.process().descendants().forEach(ProcessHandle::destroyForcibly);
    assertThat(killed.outcome()).startsWith("retry: ");
    assertThat(runDirectory.resolve("_SUCCESS")).doesNotExist();

    List<Task> concurrent = List.of(start(interval, "run"), start(interval, "run"));
    List<String> outcomes = List.of(concurrent.get(0).outcome(), concurrent.get(1).outcome());
    assertThat(outcomes)
        .containsExactlyInAnyOrder(
            "success", "retry: Cannot execute: spark-submit. Error code is: 2.");
    Task resumed = concurrent.get(outcomes.indexOf("success"));
    assertThat(resumed.output()).content().contains("Resuming after epoch ");

    Object completed = Files.getLastModifiedTime(runDirectory.resolve("_SUCCESS"));
    assertThat(run(interval, "run")).isEqualTo("success");
    assertThat(Files.getLastModifiedTime(runDirectory.resolve("_SUCCESS"))).isEqualTo(completed);

    // Two epochs on 300 images do not meet the thresholds.
    assertThat(run(interval, "evaluate"))
        .isEqualTo("fail: Cannot execute: spark-submit. Error code is: 5.");
    assertThat(runs().resolve("current")).doesNotExist();

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(run(interval, "publish")).isEqualTo("success");
      assertThat(runs().resolve("current").toRealPath()).isEqualTo(runDirectory.toRealPath());
    }
  }
}
