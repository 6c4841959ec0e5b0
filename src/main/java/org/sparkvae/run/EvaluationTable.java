package org.sparkvae.run;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.sparkvae.mnist.Split;

/** Metrics as lines of text, a column for each split. */
final class EvaluationTable {
  private static final String ROW = "%-32s %14s %14s";

  private EvaluationTable() {}

  /** Lines for metrics by the names that {@code evaluation.json} gives them. */
  static List<String> lines(Map<String, Double> metrics) {
    List<String> lines = new ArrayList<>();
    Set<String> ofSplits = new LinkedHashSet<>();
    metrics.forEach(
        (name, value) -> {
          int dot = name.indexOf('.');
          if (dot > 0 && isSplit(name.substring(0, dot))) {
            ofSplits.add(name.substring(dot + 1));
          } else {
            lines.add("%-32s %14s".formatted(name, number(value)));
          }
        });
    lines.add(ROW.formatted("", Split.TRAIN, Split.TEST));
    for (String name : ofSplits) {
      lines.add(
          ROW.formatted(
              name,
              number(metrics.get(Split.TRAIN + "." + name)),
              number(metrics.get(Split.TEST + "." + name))));
    }
    return lines;
  }

  private static boolean isSplit(String prefix) {
    return prefix.equals(Split.TRAIN.toString()) || prefix.equals(Split.TEST.toString());
  }

  private static String number(Double value) {
    return value == null ? "" : String.format(Locale.ROOT, "%.4f", value);
  }
}
