package org.sparkvae.report;

import java.awt.Graphics2D;
import java.awt.geom.Point2D;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The curves with their axes and legend, in XChart; both axes count in {@link TickScale}'s steps.
 */
final class CurveChart {
  /** With more epochs than this, markers would hide the line. */
  private static final int MOST_MARKERS = 60;

  /** Up to this many epochs, there is room for larger ones. */
  private static final int FEW = 15;

  private static final int MARGIN = 12;

  private final XYChart chart;
  private final TickScale epochScale;
  private final TickScale valueScale;
  private final CurveLegend legend;
  private int top;

  CurveChart(String valueAxis, List<EpochPoint> epochs) {
    DoubleSummaryStatistics values = values(epochs);
    epochScale =
        TickScale.ofWholeNumbers(epochs.get(0).epoch(), epochs.get(epochs.size() - 1).epoch());
    valueScale = TickScale.ofValues(values.getMin(), values.getMax());
    chart = new XYChartBuilder().xAxisTitle("epoch").yAxisTitle(valueAxis).build();
    int markerSize = epochs.size() <= FEW ? 9 : 6;
    CurveStyle.apply(chart.getStyler(), epochScale, valueScale, markerSize);
    List<Curve> drawn = Curve.ALL.stream().filter(c -> !c.measured(epochs).isEmpty()).toList();
    drawn.forEach(curve -> add(curve, curve.measured(epochs)));
    legend = new CurveLegend(drawn, markerSize);
  }

  /** Paints into what lies between {@code from} and {@code to} of a figure {@code width} wide. */
  void paint(Graphics2D g, int width, int from, int to) {
    Graphics2D below = (Graphics2D) g.create();
    below.translate(0, from);
    chart.paint(below, width, to - from - CurveLegend.HEIGHT - MARGIN);
    legend.paint(below, width, to - from - CurveLegend.HEIGHT - MARGIN);
    below.dispose();
    top = from;
  }

  /** Where a point was painted, in layout units from the figure's upper left corner. */
  Point2D place(double epoch, double value) {
    XYStyler style = chart.getStyler();
    int hint = style.getXAxisTickMarkSpacingHint();
    // XChart knows no place on an axis, the value axis included, that is shorter than this hint.
    style.setXAxisTickMarkSpacingHint(1);
    double x = chart.getScreenXFromChart(epochScale.steps(epoch));
    double y = chart.getScreenYFromChart(valueScale.steps(value)) + top;
    style.setXAxisTickMarkSpacingHint(hint);
    return new Point2D.Double(x, y);
  }

  private void add(Curve curve, List<EpochPoint> measured) {
    XYSeries series =
        chart.addSeries(
            curve.name(),
            measured.stream().mapToDouble(e -> epochScale.steps(e.epoch())).toArray(),
            measured.stream()
                .mapToDouble(e -> valueScale.steps(curve.value().applyAsDouble(e)))
                .toArray());
    series.setLineColor(curve.colour()).setLineStyle(curve.stroke());
    series.setMarkerColor(curve.colour());
    // A point alone has no line: without a marker it could not be seen.
    series.setMarker(measured.size() <= MOST_MARKERS ? curve.marker() : SeriesMarkers.NONE);
  }

  private static DoubleSummaryStatistics values(List<EpochPoint> epochs) {
    for (int i = 1; i < epochs.size(); i++) {
      if (epochs.get(i).epoch() <= epochs.get(i - 1).epoch()) {
        throw new IllegalArgumentException(
            "epoch %d after epoch %d".formatted(epochs.get(i).epoch(), epochs.get(i - 1).epoch()));
      }
    }
    DoubleSummaryStatistics values =
        Curve.ALL.stream()
            .flatMap(curve -> curve.measured(epochs).stream().map(curve.value()::applyAsDouble))
            .mapToDouble(Double::doubleValue)
            .summaryStatistics();
    if (values.getCount() == 0) {
      throw new IllegalArgumentException("no epoch has a value to draw");
    }
    return values;
  }
}
