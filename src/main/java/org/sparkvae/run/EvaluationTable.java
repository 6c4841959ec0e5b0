package org.sparkvae.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sparkvae.evaluation.MetricGroup;
import org.sparkvae.evaluation.MetricSource;

/**
 * A text table of metrics: first the metrics of the model, then a column for each split, then a
 * column for each distribution of generated images.
 */
final class EvaluationTable {
  private EvaluationTable() {}

  /** Returns the table's lines for metrics by their names in {@code evaluation.json}. */
  static List<String> lines(Map<String, Double> metrics) {
    Map<String, Double> others = new LinkedHashMap<>(metrics);
    List<MetricGroup> groups =
        List.of(
            MetricGroup.take(others, MetricSource.RECONSTRUCTIONS),
            MetricGroup.take(others, MetricSource.GENERATED_IMAGES));
    List<String> lines = new ArrayList<>();
    others.forEach((name, value) -> lines.add(row(name, List.of(number(value)))));
    for (MetricGroup group : groups) {
      if (!group.rows().isEmpty()) {
        lines.add(row("", group.columns()));
      }
      group
          .rows()
          .forEach(
              (name, values) ->
                  lines.add(row(name, values.stream().map(EvaluationTable::number).toList())));
    }
    return lines;
  }

  private static String row(String name, List<String> values) {
    StringBuilder row = new StringBuilder("%-32s".formatted(name));
    values.forEach(value -> row.append(" %17s".formatted(value)));
    return row.toString();
  }

  private static String number(Double value) {
    return value == null ? "" : String.format(Locale.ROOT, "%.4f", value);
  }
}
