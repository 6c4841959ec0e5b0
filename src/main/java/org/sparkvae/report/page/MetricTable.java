package org.sparkvae.report.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Metrics that belong beside one another.
 *
 * @param caption above the table
 * @param columns without the first, which holds the names
 */
record MetricTable(String caption, List<String> columns, List<MetricRow> rows) {
  private static final List<String> SPLITS = List.of("train", "test");
  private static final List<String> DRAWS = List.of("prior", "posterior_mixture");
  private static final String FLOOR = "floor";

  /** All metrics: those of the splits, those of the draws, and what is left; no empty table. */
  static List<MetricTable> of(Map<String, Double> metrics) {
    Map<String, Double> rest = new LinkedHashMap<>(metrics);
    MetricTable splits =
        take("Reconstructions, and the bounds on the likelihood", SPLITS, rest, SPLITS);
    boolean drawsHaveFloor =
        rest.keySet().stream()
            .filter(name -> name.startsWith(FLOOR + "."))
            .anyMatch(
                name ->
                    DRAWS.stream()
                        .anyMatch(draw -> rest.containsKey(draw + name.substring(FLOOR.length()))));
    List<String> columns =
        drawsHaveFloor ? Stream.concat(DRAWS.stream(), Stream.of(FLOOR)).toList() : DRAWS;
    MetricTable draws =
        take(
            "Draws: images that the decoder makes of values no image was encoded to",
            columns,
            rest,
            DRAWS);
    List<MetricRow> others = new ArrayList<>();
    rest.forEach(
        (name, value) -> others.add(row(name, name, List.of(NumberFormatter.text(value)))));
    return Stream.of(splits, draws, new MetricTable("The rest", List.of("value"), others))
        .filter(table -> !table.rows().isEmpty())
        .toList();
  }

  /** Takes out of {@code rest} what {@code columns} have of each name that an owner has. */
  private static MetricTable take(
      String caption, List<String> columns, Map<String, Double> rest, List<String> owners) {
    List<MetricRow> rows = new ArrayList<>();
    for (String name : names(rest, owners)) {
      List<String> values =
          columns.stream()
              .map(column -> NumberFormatter.text(rest.remove(column + "." + name)))
              .toList();
      rows.add(row(name, owners.get(0) + "." + name, values));
    }
    return new MetricTable(
        caption, columns.stream().map(column -> column.replace('_', ' ')).toList(), rows);
  }

  private static List<String> names(Map<String, Double> metrics, List<String> owners) {
    return metrics.keySet().stream()
        .filter(name -> owners.stream().anyMatch(owner -> name.startsWith(owner + ".")))
        .map(name -> name.substring(name.indexOf('.') + 1))
        .distinct()
        .toList();
  }

  private static MetricRow row(String shown, String metric, List<String> values) {
    return new MetricRow(
        MetricRow.pieces(shown), values, MetricInfo.of(metric).map(MetricInfo::line).orElse(""));
  }
}
