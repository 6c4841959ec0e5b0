package org.sparkvae.report.page;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sparkvae.config.Settings;
import org.sparkvae.evaluation.Metric;
import org.sparkvae.evaluation.Metric.Better;

/**
 * A metric of two runs.
 *
 * @param name the metric's name, split where a line may break
 * @param difference B − A; empty if one of the values is missing
 * @param percent the difference relative to A; empty if the ratio has no meaning
 * @param better {@code A}, {@code B}, or empty if neither is better
 */
record MetricDifference(
    List<String> name, String a, String b, String difference, String percent, String better) {
  /** Returns the metrics of both runs. The test set comes first and the training set last. */
  static List<MetricDifference> of(RunSummary a, RunSummary b) {
    Set<String> names = new LinkedHashSet<>(a.metrics().keySet());
    names.addAll(b.metrics().keySet());
    boolean hasSameLossUnit = haveSameLossUnit(a.settings(), b.settings());
    return names.stream()
        .sorted(Comparator.comparing(MetricDifference::rank))
        .map(name -> of(name, a.metrics().get(name), b.metrics().get(name), hasSameLossUnit))
        .toList();
  }

  /** Returns whether a latent element has the same weight in the losses of both runs. */
  static boolean haveSameLossUnit(Settings a, Settings b) {
    return a.lambda() * b.latentChannels() == b.lambda() * a.latentChannels();
  }

  boolean isEqual() {
    return difference.equals("0");
  }

  private static int rank(String name) {
    return name.startsWith("test.") ? 0 : name.startsWith("train.") ? 2 : 1;
  }

  private static MetricDifference of(String name, Double a, Double b, boolean hasSameLossUnit) {
    List<String> parts = MetricRow.splitAtLineBreaks(name);
    if (a == null || b == null) {
      return new MetricDifference(
          parts, NumberFormatter.text(a), NumberFormatter.text(b), "", "", "");
    }
    Optional<Metric> metric = Metric.of(name);
    boolean isComparable =
        hasSameLossUnit
            || metric.filter(EnumSet.of(Metric.LOSS, Metric.REG_TERM)::contains).isEmpty();
    return new MetricDifference(
        parts,
        NumberFormatter.text(a),
        NumberFormatter.text(b),
        NumberFormatter.signed(b - a),
        isComparable
                && metric.map(known -> known.unit().hasRatio()).orElse(true)
                && a > 0
                && b > 0
                && !a.equals(b)
            ? NumberFormatter.signedFixed((b / a - 1) * 100, 1) + " %"
            : "",
        isComparable ? better(metric, a, b) : "");
  }

  private static String better(Optional<Metric> metric, double a, double b) {
    Better direction = metric.map(Metric::better).orElse(Better.NEITHER);
    if (direction == Better.NEITHER || a == b) {
      return "";
    }
    return direction == Better.HIGHER == a > b ? "A" : "B";
  }
}
