package org.sparkvae.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ThresholdException;

/**
 * Between what a run's metrics have to lie, by their names in {@code evaluation.json}.
 *
 * @param most what each may be at most
 * @param least what each has to be at least
 */
public record MetricThresholds(Map<String, Double> most, Map<String, Double> least) {
  /**
   * Makes sure that each is of a metric that there will be.
   *
   * @throws ConfigurationException naming the first that is not
   */
  void checkNames(Set<String> metrics) {
    checkNames("--fail-above", most, metrics);
    checkNames("--fail-below", least, metrics);
  }

  private static void checkNames(String option, Map<String, Double> limits, Set<String> metrics) {
    limits.forEach(
        (name, limit) -> {
          if (!metrics.contains(name)) {
            throw new ConfigurationException(
                "%s %s: there is no such metric; there are %s"
                    .formatted(option, name, String.join(", ", metrics)));
          }
          if (limit.isNaN()) {
            throw new ConfigurationException("%s %s: NaN is no limit".formatted(option, name));
          }
        });
  }

  /**
   * Compares what was measured.
   *
   * @throws ThresholdException naming all that are above or below
   * @throws ConfigurationException if one was not measured
   */
  void check(Map<String, Double> metrics, String where) {
    Stream.concat(most.keySet().stream(), least.keySet().stream())
        .filter(name -> !metrics.containsKey(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new ConfigurationException(
                  "%s has no %s: the run has too few images for it".formatted(where, name));
            });
    List<String> beyond = new ArrayList<>();
    most.forEach(
        (name, limit) -> {
          if (metrics.get(name) > limit) {
            beyond.add("%s is %s, above %s".formatted(name, metrics.get(name), limit));
          }
        });
    least.forEach(
        (name, limit) -> {
          if (metrics.get(name) < limit) {
            beyond.add("%s is %s, below %s".formatted(name, metrics.get(name), limit));
          }
        });
    if (!beyond.isEmpty()) {
      throw new ThresholdException(
          "%s: %s; look at the run before it is used".formatted(where, String.join("; ", beyond)));
    }
  }
}
