package org.sparkvae;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.cluster.SparkCluster;

/**
 * The tasks of {@code submit/airflow/retrain_mnist_vae.py}, through the command lines that they
 * build, on a cluster. Where there is no Airflow, {@code src/test/airflow} stands in for it.
 */
@CompleteBuild
@Timeout(600)
class AirflowIT {
  private static final int SECONDS = 300;

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.of(1);

  @TempDir Path directory;

  /** A task under way. */
  private record Task(Process process, Path said) {
    String outcome() throws Exception {
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
      List<String> lines = Files.readAllLines(said, StandardCharsets.UTF_8);
      return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }
  }

  private Task start(String interval, String task) throws IOException {
    Path said = Files.createTempFile(directory, task, ".txt");
    ProcessBuilder builder =
        new ProcessBuilder("python3", "src/test/airflow/run_task.py", interval, task)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("SPARK"));
    environment.merge(
        "PATH", Path.of("src/test/airflow").toAbsolutePath() + ":", (old, own) -> own + old);
    environment.put("SPARK_DEFAULT_CONNECTION", CLUSTER.master());
    environment.put(
        "SPARK_SUBMIT_WORDS",
        CLUSTER.driver().properties().entrySet().stream()
            .map(each -> "--conf %s=%s".formatted(each.getKey(), each.getValue()))
            .collect(Collectors.joining(" ")));
    environment.put("SPARK_VAE_HOME", Path.of("").toAbsolutePath().toString());
    environment.put("SPARK_VAE_RUNS", runs().toString());
    new TreeMap<>(Map.of("LIMIT", "300", "EPOCHS", "2", "LATENT_SIZE", "16", "DROPOUT", "0"))
        .forEach((setting, value) -> environment.put("SPARKVAE_" + setting, value));
    environment.put("XDG_STATE_HOME", directory.toString());
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    return new Task(builder.start(), said);
  }

  private String ended(String interval, String task) throws Exception {
    return start(interval, task).outcome();
  }

  private Path runs() {
    return directory.resolve("runs");
  }

  @Test
  void anIntervalIsTrainedOncePublishedOnceAndGatedBefore() throws Exception {
    String interval = "20260105T000000";
    Path run = runs().resolve(interval);
    Task lost = start(interval, "run");
    while (!Files.exists(run.resolve("checkpoints/epoch-0001")) && lost.process().isAlive()) {
      Thread.sleep(50);
    }
    lost.process().descendants().forEach(ProcessHandle::destroyForcibly);
    assertThat(lost.outcome()).startsWith("retry: ");
    assertThat(run.resolve("_SUCCESS")).doesNotExist();

    List<Task> two = List.of(start(interval, "run"), start(interval, "run"));
    List<String> outcomes = List.of(two.get(0).outcome(), two.get(1).outcome());
    assertThat(outcomes)
        .containsExactlyInAnyOrder(
            "success", "retry: Cannot execute: spark-submit. Error code is: 2.");
    Task resumed = two.get(outcomes.indexOf("success"));
    assertThat(resumed.said()).content().contains("going on from epoch ");

    Object trained = Files.getLastModifiedTime(run.resolve("_SUCCESS"));
    assertThat(ended(interval, "run")).isEqualTo("success");
    assertThat(Files.getLastModifiedTime(run.resolve("_SUCCESS"))).isEqualTo(trained);

    // Too little training for any gate.
    assertThat(ended(interval, "evaluate"))
        .isEqualTo("fail: Cannot execute: spark-submit. Error code is: 5.");
    assertThat(runs().resolve("current")).doesNotExist();

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(ended(interval, "publish")).isEqualTo("success");
      assertThat(runs().resolve("current").toRealPath()).isEqualTo(run.toRealPath());
    }
  }
}
