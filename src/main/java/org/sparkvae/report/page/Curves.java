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
  static Curves loss(List<Epoch> epochs) {
    LearningCurve curve = LearningCurve.loss();
    List<EpochPoint> points = epochs.stream().map(Epoch::loss).toList();
    return of(curve.title(), look -> curve.untitled().draw(points, look));
  }

  static Curves regularisationTerm(List<Epoch> epochs) {
    LearningCurve curve = LearningCurve.regularisationTerm();
    List<EpochPoint> points = epochs.stream().map(Epoch::regTerm).toList();
    return of(curve.title(), look -> curve.untitled().draw(points, look));
  }

  static Curves lossOfBoth(List<Epoch> a, List<Epoch> b) {
    LearningCurve curve = LearningCurve.loss();
    List<EpochPoint> left = a.stream().map(Epoch::loss).toList();
    List<EpochPoint> right = b.stream().map(Epoch::loss).toList();
    return of(curve.title(), look -> curve.untitled().drawBoth(left, right, look));
  }

  static Curves regularisationTermOfBoth(List<Epoch> a, List<Epoch> b) {
    LearningCurve curve = LearningCurve.regularisationTerm();
    List<EpochPoint> left = a.stream().map(Epoch::regTerm).toList();
    List<EpochPoint> right = b.stream().map(Epoch::regTerm).toList();
    return of(curve.title(), look -> curve.untitled().drawBoth(left, right, look));
  }

  private static Curves of(String caption, Function<ChartLook, BufferedImage> draw) {
    return new Curves(
        caption,
        uri(draw.apply(ChartLook.wide(Palette.LIGHT))),
        uri(draw.apply(ChartLook.wide(Palette.DARK))),
        uri(draw.apply(ChartLook.narrow(Palette.LIGHT))),
        uri(draw.apply(ChartLook.narrow(Palette.DARK))));
  }

  private static String uri(BufferedImage image) {
    return Picture.of("", image).uri();
  }
}
