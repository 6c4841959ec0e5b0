package org.sparkvae.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.sparkvae.evaluation.Metric;
import org.sparkvae.evaluation.MetricSource;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.InputDataException;

/**
 * The file {@code evaluation.json}: one flat JSON object with a number for each metric, and with
 * the version and the checksum of the classifier.
 */
final class EvaluationFile {
  /** The version of the metrics' definitions. Increment it if the meaning of a metric changes. */
  static final int METRICS_VERSION = 4;

  private static final String CLASSIFIER_VERSION = "classifier.version";
  private static final String CLASSIFIER_CHECKSUM = "classifier.weights_sha256";

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
      if (!(JSON.readTree(run.directory().readText(Run.EVALUATION)) instanceof ObjectNode file)) {
        throw damaged(run, "it is not a JSON object", null);
      }
      file.remove(List.of(CLASSIFIER_VERSION, CLASSIFIER_CHECKSUM));
      Map<String, Double> metrics =
          JSON.treeToValue(
              file,
              JSON.getTypeFactory()
                  .constructMapType(LinkedHashMap.class, String.class, Double.class));
      metrics.values().removeIf(value -> value == null || !Double.isFinite(value));
      return metrics;
    } catch (JsonProcessingException e) {
      throw damaged(run, ErrorText.firstLine(e.getOriginalMessage()), e);
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
   * @param images the minimum number of images per split; the metrics of fewer images are omitted
   * @param warnings called with a message if the metrics have to be computed again
   * @return the metrics by name; empty if there are no valid ones
   */
  static Map<String, Double> readValid(Run run, int images, Consumer<String> warnings) {
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
      Map<String, Double> metrics = read(run);
      if (images(metrics) < images) {
        metrics
            .keySet()
            .removeIf(name -> Metric.of(name).map(EvaluationFile::isOfSample).orElse(true));
      }
      return metrics;
    } catch (InputDataException damaged) {
      warnings.accept(
          "%s is damaged. The metrics are computed again."
              .formatted(run.directory().path(Run.EVALUATION)));
      return new LinkedHashMap<>();
    }
  }

  /** Returns the number of images per split behind the expensive metrics, or 0 if it is unknown. */
  static int images(Map<String, Double> metrics) {
    double images = metrics.getOrDefault(Metric.IMAGES_PER_SPLIT.name(""), 0.0);
    return images > EvaluationSize.MAX_IMAGES ? 0 : (int) images;
  }

  private static boolean isOfSample(Metric metric) {
    return metric != Metric.BETA && metric.source() != MetricSource.RECONSTRUCTIONS;
  }

  /**
   * Writes the metrics.
   *
   * @param names the metrics to write first, in this order; bounds with other numbers of samples
   *     follow
   * @param provenance states the classifier, if it was used
   */
  static void write(
      Run run, Set<String> names, Map<String, Double> metrics, EvaluationProvenance provenance) {
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
    Map<String, Object> file = new LinkedHashMap<>(ordered);
    if (!provenance.classifierChecksum().isEmpty()) {
      file.put(CLASSIFIER_VERSION, provenance.classifierVersion());
      file.put(CLASSIFIER_CHECKSUM, provenance.classifierChecksum());
    }
    run.directory().writeText(Run.EVALUATION, JSON.valueToTree(file).toPrettyString() + "\n");
  }
}
