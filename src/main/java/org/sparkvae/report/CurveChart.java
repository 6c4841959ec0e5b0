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
 * The curves with their axes and legend, in XChart; both axes count in {@link TickScale}'s steps.
 */
final class CurveChart {
  /** Closer than this, in layout units of the figure's width, markers would hide the line. */
  private static final double CLOSEST_MARKERS = 12.5;

  /** Up to this many epochs, there is room for larger ones. */
  private static final int FEW = 15;

  private static final int MARGIN = 12;

  private final XYChart chart;
  private final ChartOptions look;
  private final TickScale epochScale;
  private final TickScale valueScale;
  private final CurveLegend legend;
  private int top;

  CurveChart(String valueAxis, List<EpochPoint> epochs) {
    this(valueAxis, Curve.ofRun(epochs), ChartOptions.ON_DISK);
  }

  CurveChart(String valueAxis, List<Curve> curves, ChartOptions look) {
    this.look = look;
    List<Curve> drawn = curves.stream().filter(c -> !c.measured().isEmpty()).toList();
    DoubleSummaryStatistics values = values(drawn);
    IntSummaryStatistics epochs =
        curves.stream()
            .flatMap(curve -> curve.epochs().stream())
            .mapToInt(EpochPoint::epoch)
            .summaryStatistics();
    epochScale = TickScale.ofWholeNumbers(epochs.getMin(), epochs.getMax());
    valueScale = TickScale.ofValues(values.getMin(), values.getMax());
    chart = new XYChartBuilder().xAxisTitle("epoch").yAxisTitle(valueAxis).build();
    boolean few = curves.stream().allMatch(curve -> curve.epochs().size() <= FEW);
    int markerSize = few ? 9 : 6;
    ChartStyle.apply(chart.getStyler(), epochScale, valueScale, markerSize, look);
    drawn.forEach(this::add);
    legend = new CurveLegend(drawn, markerSize, look);
  }

  ChartOptions look() {
    return look;
  }

  /** Paints into what lies between {@code from} and the lower edge of a figure. */
  void paint(Graphics2D g, int from) {
    Graphics2D below = (Graphics2D) g.create();
    below.translate(0, from);
    int height = look.height() - from - legend.height() - MARGIN;
    chart.paint(below, look.width(), height);
    legend.paint(below, height);
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

  private void add(Curve curve) {
    List<EpochPoint> measured = curve.measured();
    XYSeries series =
        chart.addSeries(
            curve.name(),
            measured.stream().mapToDouble(e -> epochScale.steps(e.epoch())).toArray(),
            measured.stream()
                .mapToDouble(e -> valueScale.steps(curve.value().applyAsDouble(e)))
                .toArray());
    series.setLineColor(curve.hue().in(look.palette())).setLineStyle(curve.stroke());
    series.setMarkerColor(curve.hue().in(look.palette()));
    // A point alone has no line: without a marker it could not be seen.
    series.setMarker(
        measured.size() * CLOSEST_MARKERS <= look.width() ? curve.marker() : SeriesMarkers.NONE);
  }

  private static DoubleSummaryStatistics values(List<Curve> curves) {
    if (curves.isEmpty()) {
      throw new IllegalArgumentException("no epoch has a value to draw");
    }
    return curves.stream()
        .flatMap(curve -> curve.measured().stream().map(curve.value()::applyAsDouble))
        .mapToDouble(Double::doubleValue)
        .summaryStatistics();
  }
}
