package org.sparkvae.report;

/**
 * How large a chart is, and in which colours.
 *
 * @param width layout units from left to right; tick labels are 12 of them high
 * @param height layout units from top to bottom
 * @param axisTitle layout units that the words along an axis are high
 * @param palette its colours
 */
public record ChartOptions(int width, int height, int axisTitle, Palette palette) {
  /** As figures are written to disk. */
  static final ChartOptions ON_DISK = wide(Palette.LIGHT);

  /** For a column of text on a desk. */
  public static ChartOptions wide(Palette palette) {
    return new ChartOptions(760, 460, 14, palette);
  }

  /** For a phone held upright: as high as the words along the value axis are long. */
  public static ChartOptions narrow(Palette palette) {
    return new ChartOptions(360, 420, 12, palette);
  }
}
