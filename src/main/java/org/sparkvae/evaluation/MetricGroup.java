package org.sparkvae.evaluation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;

/**
 * Metrics that differ only in the prefixes of their names, as a table.
 *
 * @param columns the prefixes
 * @param rows a value per column, or null if it is missing, by the name without prefix
 */
public record MetricGroup(List<String> columns, Map<String, List<Double>> rows) {
  /**
   * Moves the metrics with the prefixes of a source into a group.
   *
   * @param metrics all metrics by their names; those in the group are removed
   * @param extraPrefixes prefixes that add a column if they have a value for one of the rows
   */
  public static MetricGroup take(
      Map<String, Double> metrics, MetricSource source, String... extraPrefixes) {
    List<String> names =
        metrics.keySet().stream()
            .filter(name -> source.prefixes().contains(StringUtils.substringBefore(name, ".")))
            .map(name -> StringUtils.substringAfter(name, "."))
            .distinct()
            .toList();
    Stream<String> extraColumns =
        Arrays.stream(extraPrefixes)
            .filter(
                prefix ->
                    names.stream().anyMatch(name -> metrics.containsKey(prefix + "." + name)));
    List<String> columns = Stream.concat(source.prefixes().stream(), extraColumns).toList();
    Map<String, List<Double>> rows = new LinkedHashMap<>();
    for (String name : names) {
      rows.put(name, columns.stream().map(column -> metrics.remove(column + "." + name)).toList());
    }
    return new MetricGroup(columns, rows);
  }
}
