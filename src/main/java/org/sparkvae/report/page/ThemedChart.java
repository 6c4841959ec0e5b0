package org.sparkvae.report.page;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Function;
import org.sparkvae.report.ChartOptions;
import org.sparkvae.report.EpochPoint;
import org.sparkvae.report.LearningCurve;
import org.sparkvae.report.Palette;

/**
 * A chart in four variants, light and dark, wide and narrow, among which the browser chooses.
 *
 * @param caption the text below the chart
 */
record ThemedChart(
    String caption, String light, String dark, String lightNarrow, String darkNarrow) {
  /** Returns the loss and the regularization term of a run. */
  static List<ThemedChart> ofRun(List<EpochSummary> epochs) {
    return ofBothQuantities(
        (curve, quantity, options) -> curve.plot(points(epochs, quantity), options));
  }

  /** Returns the loss and the regularization term of two runs. */
  static List<ThemedChart> ofComparison(List<EpochSummary> a, List<EpochSummary> b) {
    return ofBothQuantities(
        (curve, quantity, options) ->
            curve.plotComparison(points(a, quantity), points(b, quantity), options));
  }

  private interface Plot {
    BufferedImage render(
        LearningCurve curve, Function<EpochSummary, EpochPoint> quantity, ChartOptions options);
  }

  private static List<ThemedChart> ofBothQuantities(Plot plot) {
    return List.of(
        of(LearningCurve.loss(), EpochSummary::loss, plot),
        of(LearningCurve.regularizationTerm(), EpochSummary::regTerm, plot));
  }

  private static List<EpochPoint> points(
      List<EpochSummary> epochs, Function<EpochSummary, EpochPoint> quantity) {
    return epochs.stream().map(quantity).toList();
  }

  private static ThemedChart of(
      LearningCurve curve, Function<EpochSummary, EpochPoint> quantity, Plot plot) {
    Function<ChartOptions, String> toUri =
        options -> EmbeddedImage.of("", plot.render(curve.untitled(), quantity, options)).uri();
    return new ThemedChart(
        curve.title(),
        toUri.apply(ChartOptions.wide(Palette.LIGHT)),
        toUri.apply(ChartOptions.wide(Palette.DARK)),
        toUri.apply(ChartOptions.narrow(Palette.LIGHT)),
        toUri.apply(ChartOptions.narrow(Palette.DARK)));
  }
}
