package org.sparkvae;

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
import java.util.TreeSet;
import java.util.stream.Stream;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/** A run's {@code evaluation.json}. */
final class EvaluationFixture {
  private EvaluationFixture() {}

  /** All that the documentation names is there, of a run with enough images for it. */
  static JsonNode assertComplete(Path run) throws IOException {
    JsonNode metrics = new ObjectMapper().readTree(run.resolve("evaluation.json").toFile());
    Set<String> names =
        new TreeSet<>(
            Set.of(
                "beta",
                "classifier.test_accuracy",
                "floor.frechet_distance",
                "latent.linear_probe_accuracy",
                "latent.knn_accuracy"));
    for (String draws : List.of("prior.", "posterior_mixture.")) {
      Stream.of(
              "frechet_distance",
              "inception_score",
              "precision",
              "recall",
              "classifier_confidence",
              "class_entropy_nats")
          .forEach(name -> names.add(draws + name));
    }
    for (String split : List.of("train.", "test.")) {
      Stream.of(
              "loss",
              "reg_term",
              "bce_nats_per_pixel",
              "entropy_floor_nats_per_pixel",
              "recon_nats_per_image",
              "kl_nats_per_image",
              "elbo_nats_per_image",
              "mse",
              "psnr_db",
              "ssim",
              "iwae_5_nats_per_image",
              "active_units",
              "classifier_accuracy",
              "frechet_distance")
          .forEach(name -> names.add(split + name));
    }
    assertThat(metrics.fieldNames()).toIterable().hasSameElementsAs(names);
    return metrics;
  }

  /** Model 1's on MNIST, against what DuckDB makes of the Parquet and the history's last line. */
  static void assertAgreesWithParquet(Path run) throws Exception {
    JsonNode metrics = assertComplete(run);
    assertThat(metrics.get("beta").asDouble()).isCloseTo(0.109375, within(1e-12));
    // Of all 60,000 and 10,000 images, whatever the run's limit.
    assertThat(metrics.get("classifier.test_accuracy").asDouble()).isBetween(0.99, 0.9999);
    // Nearer to one another than to what a model draws that has hardly been trained.
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
        // Of the same 300 images; five draws are a little tighter.
        assertThat(metrics.get(split + ".iwae_5_nats_per_image").asDouble())
            .isBetween(-recon - kl - 1, -recon);
      }
    }
    List<EpochRecord> history = History.parse(Files.readString(run.resolve("history.csv")));
    EpochRecord last = history.get(history.size() - 1);
    assertThat(metrics.get("test.loss").asDouble())
        .isCloseTo(last.testBce() + last.testRegTerm(), within(1e-6));
  }
}
