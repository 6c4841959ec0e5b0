package org.sparkvae.report;

import java.awt.BasicStroke;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One line of a chart: what it shows, and how it looks. Lines differ in colour and in shape. */
record Curve(
    String name,
    List<EpochPoint> epochs,
    ToDoubleFunction<EpochPoint> value,
    CurveColor hue,
    BasicStroke stroke,
    Marker marker) {
  /**
   * Refuses epochs that do not ascend.
   *
   * @throws IllegalArgumentException naming the first that does not
   */
  Curve {
    epochs = List.copyOf(epochs);
    for (int i = 1; i < epochs.size(); i++) {
      if (epochs.get(i).epoch() <= epochs.get(i - 1).epoch()) {
        throw new IllegalArgumentException(
            "epoch %d after epoch %d".formatted(epochs.get(i).epoch(), epochs.get(i - 1).epoch()));
      }
    }
  }

  /** The curves of one run. */
  static List<Curve> ofRun(List<EpochPoint> epochs) {
    return List.of(
        new Curve(
            "train, last minibatch",
            epochs,
            EpochPoint::trainLast,
            CurveColor.SKY,
            line(1.5f),
            SeriesMarkers.CIRCLE),
        new Curve(
            "train, epoch mean",
            epochs,
            EpochPoint::trainMean,
            CurveColor.BLUE,
            line(2.25f),
            SeriesMarkers.SQUARE),
        new Curve(
            "test",
            epochs,
            EpochPoint::test,
            CurveColor.ORANGE,
            line(2.25f),
            SeriesMarkers.DIAMOND));
  }

  /** The curves of two runs, a colour for each; the test set's are the solid ones. */
  static List<Curve> ofTwo(List<EpochPoint> a, List<EpochPoint> b) {
    return List.of(
        ofTwoTrain("A, train", a, CurveColor.BLUE),
        ofTwoTest("A, test", a, CurveColor.BLUE),
        ofTwoTrain("B, train", b, CurveColor.ORANGE),
        ofTwoTest("B, test", b, CurveColor.ORANGE));
  }

  private static Curve ofTwoTrain(String name, List<EpochPoint> epochs, CurveColor hue) {
    BasicStroke dashes =
        new BasicStroke(
            1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 4}, 0);
    return new Curve(name, epochs, EpochPoint::trainMean, hue, dashes, SeriesMarkers.SQUARE);
  }

  private static Curve ofTwoTest(String name, List<EpochPoint> epochs, CurveColor hue) {
    return new Curve(name, epochs, EpochPoint::test, hue, line(2.25f), SeriesMarkers.DIAMOND);
  }

  /** The epochs at which this curve has a value. */
  List<EpochPoint> measured() {
    return epochs.stream().filter(e -> !Double.isNaN(value.applyAsDouble(e))).toList();
  }

  private static BasicStroke line(float width) {
    return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }
}
