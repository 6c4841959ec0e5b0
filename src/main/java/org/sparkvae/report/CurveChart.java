package org.sparkvae.report;

import java.awt.Graphics2D;
import java.awt.geom.Point2D;
import java.util.DoubleSummaryStatistics;
import java.util.IntSummaryStatistics;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * An XChart chart of curves with axes and a legend. Both axes count in the steps of a {@link
 * TickScale}.
 */
final class CurveChart {
  /** The minimum distance of markers in layout units. Closer markers would hide the line. */
  private static final double MIN_MARKER_DISTANCE = 12.5;

  /** The number of epochs up to which there is room for larger markers. */
  private static final int FEW_EPOCHS = 15;

  private static final int MARGIN = 12;

  private final XYChart chart;
  private final ChartOptions options;
  private final TickScale epochScale;
  private final TickScale valueScale;
  private final CurveLegend legend;
  private int top;

  CurveChart(String valueAxis, List<Curve> curves, ChartOptions options) {
    this.options = options;
    List<Curve> measured = curves.stream().filter(curve -> !curve.measured().isEmpty()).toList();
    DoubleSummaryStatistics values = values(measured);
    IntSummaryStatistics epochs =
        curves.stream()
            .flatMap(curve -> curve.epochs().stream())
            .mapToInt(EpochPoint::epoch)
            .summaryStatistics();
    epochScale = TickScale.ofWholeNumbers(epochs.getMin(), epochs.getMax());
    valueScale = TickScale.ofValues(values.getMin(), values.getMax());
    chart = new XYChartBuilder().xAxisTitle("epoch").yAxisTitle(valueAxis).build();
    boolean hasFewEpochs = curves.stream().allMatch(curve -> curve.epochs().size() <= FEW_EPOCHS);
    int markerSize = hasFewEpochs ? 9 : 6;
    ChartStyle.apply(chart.getStyler(), epochScale, valueScale, markerSize, options);
    measured.forEach(this::add);
    legend = new CurveLegend(measured, markerSize, options);
  }

  ChartOptions options() {
    return options;
  }

  /** Paints the chart into a figure, {@code offset} layout units below the figure's upper edge. */
  void paint(Graphics2D g, int offset) {
    Graphics2D area = (Graphics2D) g.create();
    area.translate(0, offset);
    int height = options.height() - offset - legend.height() - MARGIN;
    chart.paint(area, options.width(), height);
    legend.paint(area, height);
    area.dispose();
    top = offset;
  }

  /**
   * Returns the position of a painted point, in layout units from the figure's upper left corner.
   */
  Point2D position(double epoch, double value) {
    XYStyler style = chart.getStyler();
    int hint = style.getXAxisTickMarkSpacingHint();
    // XChart computes no position on an axis shorter than this hint, not even on the value axis.
    style.setXAxisTickMarkSpacingHint(1);
    double x = chart.getScreenXFromChart(epochScale.steps(epoch));
    double y = chart.getScreenYFromChart(valueScale.steps(value)) + top;
    style.setXAxisTickMarkSpacingHint(hint);
    return new Point2D.Double(x, y);
  }

  private void add(Curve curve) {
    List<EpochPoint> measured = curve.measured();
    XYSeries series =
        chart.addSeries(
            curve.name(),
            measured.stream().mapToDouble(point -> epochScale.steps(point.epoch())).toArray(),
            measured.stream()
                .mapToDouble(point -> valueScale.steps(curve.value().applyAsDouble(point)))
                .toArray());
    series.setLineColor(curve.color().in(options.palette())).setLineStyle(curve.stroke());
    series.setMarkerColor(curve.color().in(options.palette()));
    // A single point has no line, so it is visible only as a marker.
    series.setMarker(
        measured.size() * MIN_MARKER_DISTANCE <= options.width()
            ? curve.marker()
            : SeriesMarkers.NONE);
  }

  private static DoubleSummaryStatistics values(List<Curve> curves) {
    if (curves.isEmpty()) {
      throw new IllegalArgumentException("No epoch has a value to plot.");
    }
    return curves.stream()
        .flatMap(curve -> curve.measured().stream().map(curve.value()::applyAsDouble))
        .mapToDouble(Double::doubleValue)
        .summaryStatistics();
  }
}
