package org.sparkvae.run;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.sparkvae.mnist.Split;

/**
 * A text table of metrics: first the metrics of the model, then a column for each split, then a
 * column for each distribution of generated images.
 */
final class EvaluationTable {
  private static final List<String> SPLITS = List.of(Split.TRAIN.toString(), Split.TEST.toString());
  private static final List<String> DISTRIBUTIONS =
      List.of(EvaluationFile.PRIOR, EvaluationFile.POSTERIOR_MIXTURE);

  private EvaluationTable() {}

  /** Returns the table's lines for metrics by their names in {@code evaluation.json}. */
  static List<String> lines(Map<String, Double> metrics) {
    List<String> lines = new ArrayList<>();
    metrics.forEach(
        (name, value) -> {
          if (!hasPrefix(SPLITS, name) && !hasPrefix(DISTRIBUTIONS, name)) {
            lines.add("%-32s %17s".formatted(name, number(value)));
          }
        });
    addColumns(lines, SPLITS, metrics);
    addColumns(lines, DISTRIBUTIONS, metrics);
    return lines;
  }

  /** Adds a table with a column for each prefix of the metrics' names. */
  private static void addColumns(
      List<String> lines, List<String> columns, Map<String, Double> metrics) {
    Set<String> rows = new LinkedHashSet<>();
    metrics.keySet().stream()
        .filter(name -> hasPrefix(columns, name))
        .forEach(name -> rows.add(name.substring(name.indexOf('.') + 1)));
    if (rows.isEmpty()) {
      return;
    }
    lines.add(row("", columns));
    for (String name : rows) {
      lines.add(
          row(
              name,
              columns.stream().map(column -> number(metrics.get(column + "." + name))).toList()));
    }
  }

  private static String row(String name, List<String> values) {
    StringBuilder row = new StringBuilder("%-32s".formatted(name));
    values.forEach(value -> row.append(" %17s".formatted(value)));
    return row.toString();
  }

  private static boolean hasPrefix(List<String> prefixes, String name) {
    return name.contains(".") && prefixes.contains(name.substring(0, name.indexOf('.')));
  }

  private static String number(Double value) {
    return value == null ? "" : String.format(Locale.ROOT, "%.4f", value);
  }
}
