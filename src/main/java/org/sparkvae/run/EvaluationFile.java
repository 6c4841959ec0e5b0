package org.sparkvae.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.sparkvae.exception.InputDataException;

/** The file {@code evaluation.json}: one flat JSON object with a number for each metric. */
final class EvaluationFile {
  /** The version of the metrics' definitions. Increment it if the meaning of a metric changes. */
  static final int METRICS_VERSION = 3;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private EvaluationFile() {}

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
