package org.sparkvae.report.page;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.sparkvae.config.Settings;
import org.sparkvae.report.page.MetricInfo.Better;

/**
 * A metric of two runs.
 *
 * @param name in pieces between which a line may break
 * @param difference B − A; empty where one of them is missing
 * @param percent the same as a share of A; empty where that would say nothing
 * @param better {@code A}, {@code B}, or empty
 */
record MetricDifference(
    List<String> name, String a, String b, String difference, String percent, String better) {
  /** Of both runs, the test set's first and the training set's last. */
  static List<MetricDifference> of(RunSummary a, RunSummary b) {
    Set<String> names = new LinkedHashSet<>(a.metrics().keySet());
    names.addAll(b.metrics().keySet());
    boolean oneLoss = haveOneLoss(a.settings(), b.settings());
    return names.stream()
        .sorted(Comparator.comparing(MetricDifference::rank))
        .map(name -> of(name, a.metrics().get(name), b.metrics().get(name), oneLoss))
        .toList();
  }

  /** Whether a latent element's share of the loss is the same in both. */
  static boolean haveOneLoss(Settings a, Settings b) {
    return a.lambda() * b.latentChannels() == b.lambda() * a.latentChannels();
  }

  boolean isSame() {
    return difference.equals("0");
  }

  private static int rank(String name) {
    return name.startsWith("test.") ? 0 : name.startsWith("train.") ? 2 : 1;
  }

  private static MetricDifference of(String name, Double a, Double b, boolean oneLoss) {
    List<String> pieces = MetricRow.pieces(name);
    if (a == null || b == null) {
      return new MetricDifference(
          pieces, NumberFormatter.text(a), NumberFormatter.text(b), "", "", "");
    }
    boolean ofLoss = name.endsWith(".loss") || name.endsWith(".reg_term");
    return new MetricDifference(
        pieces,
        NumberFormatter.text(a),
        NumberFormatter.text(b),
        NumberFormatter.signed(b - a),
        isRatio(name) && a > 0 && b > 0 && (oneLoss || !ofLoss) && !a.equals(b)
            ? NumberFormatter.signedFixed((b / a - 1) * 100, 1) + " %"
            : "",
        ofLoss && !oneLoss ? "" : better(name, a, b));
  }

  /** A share already counts in hundredths, and decibels are a logarithm. */
  private static boolean isRatio(String name) {
    return !name.matches(".*\\.(ssim|psnr_db|precision|recall|.*accuracy|.*confidence)");
  }

  private static String better(String name, double a, double b) {
    Better way = MetricInfo.of(name).map(MetricInfo::better).orElse(Better.NEITHER);
    if (way == Better.NEITHER || a == b) {
      return "";
    }
    return way == Better.HIGHER == a > b ? "A" : "B";
  }
}
