package org.sparkvae.report;

/**
 * The size and the colors of a chart.
 *
 * @param width the width in layout units; tick labels have a font size of 12 units
 * @param height the height in layout units
 * @param axisTitleSize the font size of the axis titles in layout units
 * @param palette the colors
 */
public record ChartOptions(int width, int height, int axisTitleSize, Palette palette) {
  /** The options of figures that are written to files. */
  static final ChartOptions FIGURE_FILE = wide(Palette.LIGHT);

  /** Returns the options for a desktop screen. */
  public static ChartOptions wide(Palette palette) {
    return new ChartOptions(760, 460, 14, palette);
  }

  /** Returns the options for a phone in portrait mode, high enough for the value axis's title. */
  public static ChartOptions narrow(Palette palette) {
    return new ChartOptions(360, 420, 12, palette);
  }
}
