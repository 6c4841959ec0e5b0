package org.sparkvae.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.sparkvae.evaluation.GenerativeMetrics;
import org.sparkvae.evaluation.ReconstructionMetrics;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.Split;

/** The file {@code evaluation.json}: one flat JSON object with a number for each metric. */
final class EvaluationFile {
  /** The version of the metrics' definitions. Increment it if the meaning of a metric changes. */
  static final int METRICS_VERSION = 3;

  static final String BETA = "beta";

  /** The accuracy of the classifier on the original test images. */
  static final String CLASSIFIER_TEST_ACCURACY = "classifier.test_accuracy";

  /** The Fréchet distance between original training images and original test images. */
  static final String FRECHET_DISTANCE_FLOOR = "floor.frechet_distance";

  static final String LINEAR_PROBE_ACCURACY = "latent.linear_probe_accuracy";
  static final String KNN_ACCURACY = "latent.knn_accuracy";

  /** Prefix of the metrics of images generated from the prior. */
  static final String PRIOR = "prior";

  /** Prefix of the metrics of images generated from the mixture fitted to the posteriors. */
  static final String POSTERIOR_MIXTURE = "posterior_mixture";

  /** The number of active units of a split. */
  static final String ACTIVE_UNITS = "active_units";

  /** The classifier accuracy on the reconstructions of a split. */
  static final String RECONSTRUCTION_CLASSIFIER_ACCURACY = "classifier_accuracy";

  /** The Fréchet distance between the reconstructions of a split and the test images. */
  static final String RECONSTRUCTION_FRECHET_DISTANCE = "frechet_distance";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private EvaluationFile() {}

  /**
   * Returns the names of all metrics.
   *
   * @param importanceSamples number of samples for the importance-weighted bound
   */
  static Set<String> names(int importanceSamples) {
    return names(importanceSamples, true);
  }

  /** Returns the names of the metrics that can be computed for a run's images. */
  static Set<String> names(int importanceSamples, RunImages images) {
    return names(importanceSamples, images.areEnoughForDistributions());
  }

  private static Set<String> names(int importanceSamples, boolean enoughImages) {
    Set<String> names = new LinkedHashSet<>();
    names.add(BETA);
    if (enoughImages) {
      names.addAll(
          List.of(
              CLASSIFIER_TEST_ACCURACY,
              FRECHET_DISTANCE_FLOOR,
              LINEAR_PROBE_ACCURACY,
              KNN_ACCURACY));
    }
    for (Split split : Split.values()) {
      ReconstructionMetrics.NAMES.forEach(name -> names.add(splitMetric(split, name)));
      names.add(splitMetric(split, importanceWeightedBound(importanceSamples)));
      names.add(splitMetric(split, ACTIVE_UNITS));
      if (enoughImages) {
        names.add(splitMetric(split, RECONSTRUCTION_CLASSIFIER_ACCURACY));
        names.add(splitMetric(split, RECONSTRUCTION_FRECHET_DISTANCE));
      }
    }
    if (enoughImages) {
      names.addAll(generativeMetrics());
    }
    return names;
  }

  /** Returns the full names of metrics for both splits, such as {@code test.loss}. */
  static List<String> splitMetrics(Collection<String> names) {
    return Arrays.stream(Split.values())
        .flatMap(split -> names.stream().map(name -> splitMetric(split, name)))
        .toList();
  }

  /** Returns the names of the metrics that need the classifier. */
  static Set<String> classifierMetrics() {
    Set<String> names =
        new LinkedHashSet<>(List.of(CLASSIFIER_TEST_ACCURACY, FRECHET_DISTANCE_FLOOR));
    names.addAll(
        splitMetrics(List.of(RECONSTRUCTION_CLASSIFIER_ACCURACY, RECONSTRUCTION_FRECHET_DISTANCE)));
    names.addAll(generativeMetrics());
    return names;
  }

  private static List<String> generativeMetrics() {
    return Stream.of(PRIOR, POSTERIOR_MIXTURE)
        .flatMap(
            distribution -> GenerativeMetrics.NAMES.stream().map(name -> distribution + "." + name))
        .toList();
  }

  /** Returns the full name of a metric of a split. */
  static String splitMetric(Split split, String name) {
    return split + "." + name;
  }

  /** Returns the name of the importance-weighted bound with a number of samples. */
  static String importanceWeightedBound(int samples) {
    return "iwae_%d_nats_per_image".formatted(samples);
  }

  /**
   * Reads the metrics.
   *
   * @throws InputDataException if the file is damaged
   */
  static Map<String, Double> read(Run run) {
    try {
      Map<String, Double> metrics =
          JSON.readValue(
              run.directory().readText(Run.EVALUATION),
              new TypeReference<LinkedHashMap<String, Double>>() {});
      if (metrics == null) {
        throw damaged(run, "it is not a JSON object", null);
      }
      metrics.values().removeIf(value -> value == null || !Double.isFinite(value));
      return metrics;
    } catch (JsonProcessingException e) {
      throw damaged(run, e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
  }

  private static InputDataException damaged(Run run, String reason, Throwable cause) {
    return new InputDataException(
        "%s is damaged (%s). Create it again with: %s"
            .formatted(run.directory().path(Run.EVALUATION), reason, run.commandLine("evaluate")),
        cause);
  }

  /**
   * Reads the metrics if they belong to the current model and to this version of the program.
   *
   * @param warnings called with a message if the metrics have to be computed again
   * @return the metrics by name; empty if there are no valid ones
   */
  static Map<String, Double> readValid(Run run, Consumer<String> warnings) {
    if (!run.directory().exists(Run.EVALUATION)) {
      return new LinkedHashMap<>();
    }
    EvaluationProvenance current = EvaluationProvenance.current(run, "");
    if (!EvaluationProvenance.read(run).map(current::isCompatibleWith).orElse(false)) {
      warnings.accept(
          "%s is from another model or an earlier version. The metrics are computed again."
              .formatted(run.directory().path(Run.EVALUATION)));
      return new LinkedHashMap<>();
    }
    try {
      return read(run);
    } catch (InputDataException damaged) {
      warnings.accept(
          "%s is damaged. The metrics are computed again."
              .formatted(run.directory().path(Run.EVALUATION)));
      return new LinkedHashMap<>();
    }
  }

  /**
   * Writes the metrics.
   *
   * @param names the metrics to write first, in this order; bounds with other numbers of samples
   *     follow
   */
  static void write(Run run, Set<String> names, Map<String, Double> metrics) {
    Map<String, Double> ordered = new LinkedHashMap<>();
    names.forEach(name -> ordered.put(name, metrics.get(name)));
    metrics.forEach(ordered::putIfAbsent);
    ordered.forEach(
        (name, value) -> {
          if (!Double.isFinite(value)) {
            throw new IllegalStateException(
                "%s: found %s, expected a finite number.".formatted(name, value));
          }
        });
    try {
      run.directory()
          .writeText(
              Run.EVALUATION,
              JSON.writerWithDefaultPrettyPrinter().writeValueAsString(ordered) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
