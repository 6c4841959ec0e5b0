package org.sparkvae.report.page;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Function;
import org.sparkvae.report.ChartLook;
import org.sparkvae.report.EpochPoint;
import org.sparkvae.report.LearningCurve;
import org.sparkvae.report.Palette;

/**
 * A chart in all the looks among which the reader's screen chooses.
 *
 * @param caption what it shows
 */
record Curves(String caption, String light, String dark, String lightNarrow, String darkNarrow) {
  /** Loss and regularisation term of a run. */
  static List<Curves> ofRun(List<Epoch> epochs) {
    return ofBothQuantities((curve, quantity, look) -> curve.draw(points(epochs, quantity), look));
  }

  /** Loss and regularisation term, each of two runs. */
  static List<Curves> ofTwo(List<Epoch> a, List<Epoch> b) {
    return ofBothQuantities(
        (curve, quantity, look) -> curve.drawBoth(points(a, quantity), points(b, quantity), look));
  }

  private interface Drawing {
    BufferedImage of(LearningCurve curve, Function<Epoch, EpochPoint> quantity, ChartLook look);
  }

  private static List<Curves> ofBothQuantities(Drawing drawing) {
    return List.of(
        of(LearningCurve.loss(), Epoch::loss, drawing),
        of(LearningCurve.regularisationTerm(), Epoch::regTerm, drawing));
  }

  private static List<EpochPoint> points(List<Epoch> epochs, Function<Epoch, EpochPoint> quantity) {
    return epochs.stream().map(quantity).toList();
  }

  private static Curves of(
      LearningCurve curve, Function<Epoch, EpochPoint> quantity, Drawing drawing) {
    Function<ChartLook, String> draw =
        look -> Picture.of("", drawing.of(curve.untitled(), quantity, look)).uri();
    return new Curves(
        curve.title(),
        draw.apply(ChartLook.wide(Palette.LIGHT)),
        draw.apply(ChartLook.wide(Palette.DARK)),
        draw.apply(ChartLook.narrow(Palette.LIGHT)),
        draw.apply(ChartLook.narrow(Palette.DARK)));
  }
}
