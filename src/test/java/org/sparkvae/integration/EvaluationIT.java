package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.EvaluationFixture;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;
import org.sparkvae.testing.cluster.SparkCluster;

/** Evaluates one model in one thread, in two threads, and with executors on two hosts. */
@CompleteBuild
@Timeout(900)
@ResourceLock(SparkCluster.LOCK)
class EvaluationIT {
  private static final int IMAGES = 600;

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.SHARED;

  @TempDir Path directory;

  private String evaluate(Driver driver) throws Exception {
    Path file = directory.resolve("runs/e/evaluation.json");
    Files.deleteIfExists(file);
    SparkVaeProcess.start(
            directory,
            driver,
            "evaluate",
            "--run-id",
            "e",
            "--output",
            directory.resolve("runs").toString())
        .awaitEnd()
        .assertExitCode(0);
    return Files.readString(file);
  }

  /** Asserts relations between metrics that hold for every model with a little training. */
  private void assertMetricsArePlausible() throws Exception {
    JsonNode metrics = EvaluationFixture.assertComplete(directory.resolve("runs/e"));
    assertThat(metrics.get("posterior_mixture.frechet_distance").asDouble())
        .isLessThan(metrics.get("prior.frechet_distance").asDouble());
    assertThat(metrics.get("test.frechet_distance").asDouble())
        .isBetween(
            metrics.get("floor.frechet_distance").asDouble(),
            metrics.get("prior.frechet_distance").asDouble());
    assertThat(metrics.get("test.classifier_accuracy").asDouble())
        .isLessThan(metrics.get("classifier.test_accuracy").asDouble());
    Path provenance = directory.resolve("runs/e/provenance.json");
    JsonNode evaluation = new ObjectMapper().readTree(provenance.toFile()).path("evaluation");
    assertThat(evaluation.path("model_sha256").asText())
        .isEqualTo(
            DigestUtils.sha256Hex(Files.readAllBytes(directory.resolve("runs/e/model.zip"))));
    assertThat(evaluation.path("classifier_weights_sha256").asText()).hasSize(64);
  }

  @Test
  void metricsDoNotDependOnThreadsAndHosts() throws Exception {
    String runs = directory.resolve("runs").toString();
    SparkVaeProcess.run(
            directory,
            "train",
            "--run-id",
            "e",
            "--output",
            runs,
            "--limit",
            "" + IMAGES,
            "--epochs",
            "1",
            "--trainer",
            "local")
        .assertExitCode(0);
    SparkVaeProcess.run(directory, "reconstruct", "--run-id", "e", "--output", runs)
        .assertExitCode(0);
    String expected = evaluate(Driver.local().with("spark.master", "local[1]"));
    assertMetricsArePlausible();
    assertThat(evaluate(CLUSTER.driver())).isEqualTo(expected);
    if (Boolean.getBoolean("complete")) {
      assertThat(evaluate(Driver.local().with("spark.master", "local[2]"))).isEqualTo(expected);
    }
  }
}
