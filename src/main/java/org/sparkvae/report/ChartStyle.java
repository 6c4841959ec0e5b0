package org.sparkvae.report;

import java.awt.BasicStroke;
import org.knowm.xchart.style.XYStyler;

/** How charts look: a faint grid, a tick at every step of both scales. */
final class ChartStyle {
  private ChartStyle() {}

  static void apply(
      XYStyler style, TickScale epochs, TickScale values, int markerSize, ChartOptions look) {
    colours(style, look.palette());
    style.setBaseFont(Fonts.plain(13));
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setPlotContentSize(1);
    style.setPlotMargin(0);
    style.setAxisTicksLineVisible(false);
    style.setChartPadding(12);
    style.setChartTitleVisible(false);
    style.setLegendVisible(false);
    style.setAxisTitleFont(Fonts.plain(look.axisTitle()));
    style.setAxisTickLabelsFont(Fonts.plain(12));
    style.setMarkerSize(markerSize);
    ticks(style, epochs, values, look);
  }

  private static void colours(XYStyler style, Palette palette) {
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

  private static void ticks(XYStyler style, TickScale epochs, TickScale values, ChartOptions look) {
    style.setXAxisMin(epochs.low());
    style.setXAxisMax(epochs.high());
    style.setYAxisMin(values.low());
    style.setYAxisMax(values.high());
    style.setxAxisTickLabelsFormattingFunction(epochs::label);
    style.setyAxisTickLabelsFormattingFunction(values::label);
    // Roughly the size of what is left between the axes; XChart rounds to a whole step.
    style.setXAxisTickMarkSpacingHint(epochs.spacing(look.width() * 0.8));
    style.setYAxisTickMarkSpacingHint(values.spacing(look.height() * 0.65));
  }
}
