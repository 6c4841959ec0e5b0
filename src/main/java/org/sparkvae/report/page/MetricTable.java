package org.sparkvae.report.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A table of related metrics.
 *
 * @param caption the text above the table
 * @param columns the column titles, without the first column, which has the metrics' names
 */
record MetricTable(String caption, List<String> columns, List<MetricRow> rows) {
  private static final List<String> SPLITS = List.of("train", "test");
  private static final List<String> LATENT_SOURCES = List.of("prior", "posterior_mixture");
  private static final String FLOOR = "floor";

  /**
   * Returns the metrics of the splits, those of generated images and all others, without empty
   * tables.
   */
  static List<MetricTable> of(Map<String, Double> metrics) {
    Map<String, Double> remaining = new LinkedHashMap<>(metrics);
    MetricTable splits =
        takeTable("Reconstructions and likelihood bounds", SPLITS, remaining, SPLITS);
    boolean hasFloor =
        remaining.keySet().stream()
            .filter(name -> name.startsWith(FLOOR + "."))
            .anyMatch(
                name ->
                    LATENT_SOURCES.stream()
                        .anyMatch(
                            source ->
                                remaining.containsKey(source + name.substring(FLOOR.length()))));
    List<String> columns =
        hasFloor
            ? Stream.concat(LATENT_SOURCES.stream(), Stream.of(FLOOR)).toList()
            : LATENT_SOURCES;
    MetricTable generated =
        takeTable(
            "Generated images, decoded from samples of the prior or of the posterior mixture",
            columns,
            remaining,
            LATENT_SOURCES);
    List<MetricRow> others = new ArrayList<>();
    remaining.forEach(
        (name, value) -> others.add(row(name, name, List.of(NumberFormatter.text(value)))));
    return Stream.of(splits, generated, new MetricTable("Other metrics", List.of("value"), others))
        .filter(table -> !table.rows().isEmpty())
        .toList();
  }

  /**
   * Moves metrics into a table.
   *
   * @param columns the prefixes of the metrics' names, one per column
   * @param remaining all metrics; those in the table are removed
   * @param prefixes the prefixes that decide which metrics have a row
   */
  private static MetricTable takeTable(
      String caption, List<String> columns, Map<String, Double> remaining, List<String> prefixes) {
    List<MetricRow> rows = new ArrayList<>();
    for (String name : names(remaining, prefixes)) {
      List<String> values =
          columns.stream()
              .map(column -> NumberFormatter.text(remaining.remove(column + "." + name)))
              .toList();
      rows.add(row(name, prefixes.get(0) + "." + name, values));
    }
    return new MetricTable(
        caption, columns.stream().map(column -> column.replace('_', ' ')).toList(), rows);
  }

  private static List<String> names(Map<String, Double> metrics, List<String> prefixes) {
    return metrics.keySet().stream()
        .filter(name -> prefixes.stream().anyMatch(prefix -> name.startsWith(prefix + ".")))
        .map(name -> name.substring(name.indexOf('.') + 1))
        .distinct()
        .toList();
  }

  private static MetricRow row(String displayName, String metric, List<String> values) {
    return new MetricRow(
        MetricRow.splitAtLineBreaks(displayName),
        values,
        MetricInfo.of(metric).map(MetricInfo::explanation).orElse(""));
  }
}
