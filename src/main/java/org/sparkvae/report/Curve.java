package org.sparkvae.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One line of a chart: what it shows, and how it looks. */
record Curve(
    String name,
    ToDoubleFunction<EpochPoint> value,
    Color colour,
    BasicStroke stroke,
    Marker marker) {
  /** Okabe and Ito's colours, which the colour-blind tell apart; the shapes differ as well. */
  static final List<Curve> ALL =
      List.of(
          new Curve(
              "train, last minibatch",
              EpochPoint::trainLast,
              new Color(0x56B4E9),
              line(1.5f),
              SeriesMarkers.CIRCLE),
          new Curve(
              "train, epoch mean",
              EpochPoint::trainMean,
              new Color(0x0072B2),
              line(2.25f),
              SeriesMarkers.SQUARE),
          new Curve(
              "test", EpochPoint::test, new Color(0xD55E00), line(2.25f), SeriesMarkers.DIAMOND));

  /** The epochs at which this curve has a value. */
  List<EpochPoint> measured(List<EpochPoint> epochs) {
    return epochs.stream().filter(e -> !Double.isNaN(value.applyAsDouble(e))).toList();
  }

  private static BasicStroke line(float width) {
    return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }
}
