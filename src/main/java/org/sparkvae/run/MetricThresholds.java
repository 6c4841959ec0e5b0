package org.sparkvae.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.sparkvae.config.NameSuggestion;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ThresholdException;

/**
 * Limits of a run's metrics, by their names in {@code evaluation.json}.
 *
 * @param maximums the largest allowed values
 * @param minimums the smallest allowed values
 */
public record MetricThresholds(Map<String, Double> maximums, Map<String, Double> minimums) {
  /**
   * Checks that each limit is a number and belongs to a known metric.
   *
   * @throws ConfigurationException if one does not; the message names the first one
   */
  void checkNames(Set<String> metrics) {
    checkNames("--fail-above", maximums, metrics);
    checkNames("--fail-below", minimums, metrics);
  }

  private static void checkNames(String option, Map<String, Double> limits, Set<String> metrics) {
    limits.forEach(
        (name, limit) -> {
          if (!metrics.contains(name)) {
            throw new ConfigurationException(
                "%s %s: unknown metric. %s"
                    .formatted(
                        option,
                        name,
                        NameSuggestion.similar(name, metrics)
                            .map("Did you mean %s?"::formatted)
                            .orElse("Choose one of: " + String.join(", ", metrics))));
          }
          if (limit.isNaN()) {
            throw new ConfigurationException(
                "%s %s: found NaN, expected a number.".formatted(option, name));
          }
        });
  }

  /**
   * Compares metrics with the limits.
   *
   * @param file the file that contains the metrics, for messages
   * @throws ThresholdException if metrics are above or below their limits; the message names all
   * @throws ConfigurationException if a metric with a limit is missing
   */
  void check(Map<String, Double> metrics, String file) {
    Stream.concat(maximums.keySet().stream(), minimums.keySet().stream())
        .filter(name -> !metrics.containsKey(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new ConfigurationException(
                  "%s has no %s: the run has too few images. Use a run with a higher --limit, or another metric."
                      .formatted(file, name));
            });
    List<String> violations = new ArrayList<>();
    maximums.forEach(
        (name, limit) -> {
          if (metrics.get(name) > limit) {
            violations.add("%s is %s, above %s".formatted(name, metrics.get(name), limit));
          }
        });
    minimums.forEach(
        (name, limit) -> {
          if (metrics.get(name) < limit) {
            violations.add("%s is %s, below %s".formatted(name, metrics.get(name), limit));
          }
        });
    if (!violations.isEmpty()) {
      throw new ThresholdException(
          "%s: %s. Inspect the run before you use it."
              .formatted(file, String.join("; ", violations)));
    }
  }
}
