package org.sparkvae.report.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.sparkvae.evaluation.Metric;
import org.sparkvae.evaluation.Metric.Unit;
import org.sparkvae.evaluation.MetricGroup;
import org.sparkvae.evaluation.MetricSource;

/**
 * A table of related metrics.
 *
 * @param caption the text above the table
 * @param columns the column titles, without the first column, which has the metrics' names
 */
record MetricTable(String caption, List<String> columns, List<MetricRow> rows) {
  /**
   * Returns the metrics of the splits, those of generated images and all others, without empty
   * tables.
   */
  static List<MetricTable> of(Map<String, Double> metrics) {
    Map<String, Double> others = new LinkedHashMap<>(metrics);
    MetricTable splits =
        table(
            "Reconstructions and likelihood bounds",
            MetricGroup.take(others, MetricSource.RECONSTRUCTIONS));
    MetricTable generated =
        table(
            "Generated images, decoded from samples of the prior or of the posterior mixture",
            MetricGroup.take(others, MetricSource.GENERATED_IMAGES, "floor"));
    List<MetricRow> rows = new ArrayList<>();
    others.forEach((name, value) -> rows.add(row(name, name, List.of(value))));
    return Stream.of(splits, generated, new MetricTable("Other metrics", List.of("value"), rows))
        .filter(table -> !table.rows().isEmpty())
        .toList();
  }

  private static MetricTable table(String caption, MetricGroup group) {
    List<MetricRow> rows = new ArrayList<>();
    group
        .rows()
        .forEach(
            (name, values) -> rows.add(row(name, group.columns().get(0) + "." + name, values)));
    return new MetricTable(
        caption, group.columns().stream().map(column -> column.replace('_', ' ')).toList(), rows);
  }

  private static MetricRow row(String displayName, String metric, List<Double> values) {
    return new MetricRow(
        MetricRow.splitAtLineBreaks(displayName),
        values.stream().map(NumberFormatter::text).toList(),
        Metric.of(metric).map(MetricTable::explanation).orElse(""));
  }

  /** Returns the meaning, the unit and the direction in which the metric improves. */
  private static String explanation(Metric metric) {
    String unit = metric.unit() == Unit.NONE ? "" : " Unit: %s.".formatted(metric.unit());
    return metric.meaning()
        + unit
        + switch (metric.better()) {
          case LOWER -> " Lower is better.";
          case HIGHER -> " Higher is better.";
          case NEITHER -> "";
        };
  }
}
