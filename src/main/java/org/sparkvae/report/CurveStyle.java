package org.sparkvae.report;

import java.awt.BasicStroke;
import java.awt.Color;
import org.knowm.xchart.style.XYStyler;

/** How charts look: white, light grid, a tick at every step of both scales. */
final class CurveStyle {
  private static final Color INK = new Color(0x202020);
  private static final Color GRID = new Color(0xE4E4E4);
  private static final Color FRAME = new Color(0xA0A0A0);

  private CurveStyle() {}

  static void apply(XYStyler style, TickScale epochs, TickScale values, int markerSize) {
    style.setBaseFont(Fonts.plain(13));
    style.setChartFontColor(INK);
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderColor(FRAME);
    style.setPlotGridLinesColor(GRID);
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setPlotContentSize(1);
    style.setPlotMargin(0);
    style.setAxisTicksLineVisible(false);
    style.setChartPadding(12);
    style.setChartTitleVisible(false);
    style.setLegendVisible(false);
    style.setAxisTitleFont(Fonts.plain(14));
    style.setAxisTickLabelsFont(Fonts.plain(12));
    style.setAxisTickMarksColor(FRAME);
    style.setXAxisTitleColor(INK);
    style.setYAxisTitleColor(INK);
    style.setMarkerSize(markerSize);
    ticks(style, epochs, values);
  }

  private static void ticks(XYStyler style, TickScale epochs, TickScale values) {
    style.setXAxisMin(epochs.low());
    style.setXAxisMax(epochs.high());
    style.setYAxisMin(values.low());
    style.setYAxisMax(values.high());
    style.setxAxisTickLabelsFormattingFunction(epochs::label);
    style.setyAxisTickLabelsFormattingFunction(values::label);
    // Roughly the size of what is left between the axes; XChart rounds to a whole step.
    style.setXAxisTickMarkSpacingHint(epochs.spacing(LearningCurve.WIDTH * 0.8));
    style.setYAxisTickMarkSpacingHint(values.spacing(LearningCurve.HEIGHT * 0.65));
  }
}
