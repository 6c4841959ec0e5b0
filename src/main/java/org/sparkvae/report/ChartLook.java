package org.sparkvae.report;

/**
 * How large a chart is, and in which colours.
 *
 * @param width layout units from left to right; tick labels are 12 of them high
 * @param height layout units from top to bottom
 * @param axisTitle layout units that the words along an axis are high
 * @param palette its colours
 */
public record ChartLook(int width, int height, int axisTitle, Palette palette) {
  /** As figures are written to disk. */
  static final ChartLook ON_DISK = wide(Palette.LIGHT);

  /** For a column of text on a desk. */
  public static ChartLook wide(Palette palette) {
    return new ChartLook(760, 460, 14, palette);
  }

  /** For a phone held upright: as high as the words along the value axis are long. */
  public static ChartLook narrow(Palette palette) {
    return new ChartLook(360, 420, 12, palette);
  }
}
