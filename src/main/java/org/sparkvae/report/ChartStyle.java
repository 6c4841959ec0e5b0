package org.sparkvae.report;

import java.awt.BasicStroke;
import org.knowm.xchart.style.XYStyler;

/** The style of all charts: a faint grid, and a tick at every step of both scales. */
final class ChartStyle {
  private ChartStyle() {}

  static void apply(
      XYStyler style, TickScale epochs, TickScale values, int markerSize, ChartOptions options) {
    applyColors(style, options.palette());
    style.setBaseFont(Fonts.plain(13));
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setPlotContentSize(1);
    style.setPlotMargin(0);
    style.setAxisTicksLineVisible(false);
    style.setChartPadding(12);
    style.setChartTitleVisible(false);
    style.setLegendVisible(false);
    style.setAxisTitleFont(Fonts.plain(options.axisTitleSize()));
    style.setAxisTickLabelsFont(Fonts.plain(12));
    style.setMarkerSize(markerSize);
    applyTicks(style, epochs, values, options);
  }

  private static void applyColors(XYStyler style, Palette palette) {
    style.setChartFontColor(palette.ink());
    style.setChartBackgroundColor(palette.paper());
    style.setPlotBackgroundColor(palette.paper());
    style.setPlotBorderColor(palette.frame());
    style.setPlotGridLinesColor(palette.grid());
    style.setAxisTickMarksColor(palette.frame());
    style.setAxisTickLabelsColor(palette.tickLabel());
    style.setXAxisTitleColor(palette.ink());
    style.setYAxisTitleColor(palette.ink());
  }

  private static void applyTicks(
      XYStyler style, TickScale epochs, TickScale values, ChartOptions options) {
    style.setXAxisMin(epochs.low());
    style.setXAxisMax(epochs.high());
    style.setYAxisMin(values.low());
    style.setYAxisMax(values.high());
    style.setxAxisTickLabelsFormattingFunction(epochs::label);
    style.setyAxisTickLabelsFormattingFunction(values::label);
    // The plot area takes roughly these shares of the chart; XChart rounds to a whole step.
    style.setXAxisTickMarkSpacingHint(epochs.tickSpacing(options.width() * 0.8));
    style.setYAxisTickMarkSpacingHint(values.tickSpacing(options.height() * 0.65));
  }
}
