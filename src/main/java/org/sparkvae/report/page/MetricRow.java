package org.sparkvae.report.page;

import java.util.List;

/**
 * The row of a metric in a table.
 *
 * @param name the metric's name, split where a line may break
 * @param values one value per column
 * @param explanation how to interpret the values; may be empty
 */
record MetricRow(List<String> name, List<String> values, String explanation) {
  /** Splits a name after each dot and underscore. */
  static List<String> splitAtLineBreaks(String name) {
    return List.of(name.split("(?<=[._])", -1));
  }
}
