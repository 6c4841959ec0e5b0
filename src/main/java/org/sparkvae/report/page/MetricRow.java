package org.sparkvae.report.page;

import java.util.List;

/**
 * A metric in a table.
 *
 * @param name in pieces between which a line may break
 * @param values one for each column
 * @param reading how to read them; may be empty
 */
record MetricRow(List<String> name, List<String> values, String reading) {
  /** Breaks after what joins words. */
  static List<String> pieces(String name) {
    return List.of(name.split("(?<=[._])", -1));
  }
}
