package org.sparkvae.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.sparkvae.evaluation.Metric;
import org.sparkvae.run.EvaluationSize;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/** Assertions on the {@code evaluation.json} of a run. */
public final class EvaluationFixture {
  private EvaluationFixture() {}

  /** Asserts that a run with enough images has all documented metrics, and returns them. */
  public static JsonNode assertComplete(Path run) throws IOException {
    JsonNode metrics = new ObjectMapper().readTree(run.resolve("evaluation.json").toFile());
    Set<String> names = Metric.names(EvaluationSize.DEFAULT.importanceSamples(), metric -> true);
    names.addAll(List.of("classifier.version", "classifier.weights_sha256"));
    assertThat(metrics.fieldNames()).toIterable().containsExactlyElementsOf(names);
    return metrics;
  }

  /**
   * Asserts that the metrics of a model with 16 latent channels on MNIST agree with the
   * reconstructions, read by DuckDB, and with the last line of the history.
   */
  public static void assertAgreesWithParquet(Path run) throws Exception {
    JsonNode metrics = assertComplete(run);
    assertThat(metrics.get("beta").asDouble()).isCloseTo(1.75, within(1e-12));
    // The classifier uses all 60,000 and 10,000 images, even if the run has a limit.
    assertThat(metrics.get("classifier.test_accuracy").asDouble()).isBetween(0.99, 0.9999);
    // The floor is the distance of training images, smaller than that of a barely trained model.
    assertThat(metrics.get("floor.frechet_distance").asDouble())
        .isBetween(0.0, metrics.get("prior.frechet_distance").asDouble());
    for (String split : List.of("train", "test")) {
      String query =
          "SELECT avg(bce), avg(kl) FROM read_parquet('%s/reconstructions/split=%s/*.parquet')"
              .formatted(run, split);
      try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = duck.createStatement();
          ResultSet row = statement.executeQuery(query)) {
        assertThat(row.next()).isTrue();
        double recon = row.getDouble(1) * 784;
        double kl = row.getDouble(2);
        assertThat(metrics.get(split + ".recon_nats_per_image").asDouble())
            .isCloseTo(recon, within(1e-3));
        assertThat(metrics.get(split + ".elbo_nats_per_image").asDouble())
            .isCloseTo(-recon - kl, within(1e-3));
        // The same images with other noise; the bound of five samples is tighter than the ELBO.
        assertThat(metrics.get(split + ".iwae_5_nats_per_image").asDouble())
            .isBetween(-recon - kl - 0.5, -recon + 0.5);
      }
    }
    List<EpochRecord> history = History.parse(Files.readString(run.resolve("history.csv")));
    EpochRecord last = history.get(history.size() - 1);
    assertThat(metrics.get("test.loss").asDouble())
        .isCloseTo(last.testBce() + last.testRegTerm(), within(1e-6));
  }
}
