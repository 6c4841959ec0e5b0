package org.sparkvae.report.page;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Function;
import org.sparkvae.report.ChartOptions;
import org.sparkvae.report.EpochPoint;
import org.sparkvae.report.LearningCurve;
import org.sparkvae.report.Palette;

/**
 * A chart in all the looks among which the reader's screen chooses.
 *
 * @param caption what it shows
 */
record ThemedChart(
    String caption, String light, String dark, String lightNarrow, String darkNarrow) {
  /** Loss and regularisation term of a run. */
  static List<ThemedChart> ofRun(List<EpochSummary> epochs) {
    return ofBothQuantities((curve, quantity, look) -> curve.draw(points(epochs, quantity), look));
  }

  /** Loss and regularisation term, each of two runs. */
  static List<ThemedChart> ofTwo(List<EpochSummary> a, List<EpochSummary> b) {
    return ofBothQuantities(
        (curve, quantity, look) -> curve.drawBoth(points(a, quantity), points(b, quantity), look));
  }

  private interface Drawing {
    BufferedImage of(
        LearningCurve curve, Function<EpochSummary, EpochPoint> quantity, ChartOptions look);
  }

  private static List<ThemedChart> ofBothQuantities(Drawing drawing) {
    return List.of(
        of(LearningCurve.loss(), EpochSummary::loss, drawing),
        of(LearningCurve.regularisationTerm(), EpochSummary::regTerm, drawing));
  }

  private static List<EpochPoint> points(
      List<EpochSummary> epochs, Function<EpochSummary, EpochPoint> quantity) {
    return epochs.stream().map(quantity).toList();
  }

  private static ThemedChart of(
      LearningCurve curve, Function<EpochSummary, EpochPoint> quantity, Drawing drawing) {
    Function<ChartOptions, String> draw =
        look -> EmbeddedImage.of("", drawing.of(curve.untitled(), quantity, look)).uri();
    return new ThemedChart(
        curve.title(),
        draw.apply(ChartOptions.wide(Palette.LIGHT)),
        draw.apply(ChartOptions.wide(Palette.DARK)),
        draw.apply(ChartOptions.narrow(Palette.LIGHT)),
        draw.apply(ChartOptions.narrow(Palette.DARK)));
  }
}
