package org.sparkvae.report;

import java.awt.BasicStroke;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A line of a chart: its data, and a color, stroke and marker that distinguish it. */
record Curve(
    String name,
    List<EpochPoint> epochs,
    ToDoubleFunction<EpochPoint> value,
    CurveColor color,
    BasicStroke stroke,
    Marker marker) {
  /**
   * Validates the order of the epochs.
   *
   * @throws IllegalArgumentException if the epochs are not strictly ascending
   */
  Curve {
    epochs = List.copyOf(epochs);
    for (int i = 1; i < epochs.size(); i++) {
      if (epochs.get(i).epoch() <= epochs.get(i - 1).epoch()) {
        throw new IllegalArgumentException(
            "epoch %d follows epoch %d. Epochs must be strictly ascending."
                .formatted(epochs.get(i).epoch(), epochs.get(i - 1).epoch()));
      }
    }
  }

  /** Returns the curves of one run. */
  static List<Curve> ofRun(List<EpochPoint> epochs) {
    return List.of(
        new Curve(
            "train, last minibatch",
            epochs,
            EpochPoint::trainLast,
            CurveColor.SKY,
            solid(1.5f),
            SeriesMarkers.CIRCLE),
        new Curve(
            "train, epoch mean",
            epochs,
            EpochPoint::trainMean,
            CurveColor.BLUE,
            solid(2.25f),
            SeriesMarkers.SQUARE),
        new Curve(
            "test",
            epochs,
            EpochPoint::test,
            CurveColor.ORANGE,
            solid(2.25f),
            SeriesMarkers.DIAMOND));
  }

  /** Returns the curves of two runs, one color per run. Curves of the test set are solid. */
  static List<Curve> ofComparison(List<EpochPoint> a, List<EpochPoint> b) {
    return List.of(
        trainCurve("A, train", a, CurveColor.BLUE),
        testCurve("A, test", a, CurveColor.BLUE),
        trainCurve("B, train", b, CurveColor.ORANGE),
        testCurve("B, test", b, CurveColor.ORANGE));
  }

  private static Curve trainCurve(String name, List<EpochPoint> epochs, CurveColor color) {
    BasicStroke dashes =
        new BasicStroke(
            1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 4}, 0);
    return new Curve(name, epochs, EpochPoint::trainMean, color, dashes, SeriesMarkers.SQUARE);
  }

  private static Curve testCurve(String name, List<EpochPoint> epochs, CurveColor color) {
    return new Curve(name, epochs, EpochPoint::test, color, solid(2.25f), SeriesMarkers.DIAMOND);
  }

  /** Returns the epochs at which this curve has a value. */
  List<EpochPoint> measured() {
    return epochs.stream().filter(point -> !Double.isNaN(value.applyAsDouble(point))).toList();
  }

  private static BasicStroke solid(float width) {
    return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }
}
