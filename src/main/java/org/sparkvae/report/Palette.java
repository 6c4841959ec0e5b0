package org.sparkvae.report;

import java.awt.Color;

/** The colors of a chart. */
public record Palette(Color paper, Color ink, Color tickLabel, Color grid, Color frame) {
  /** Dark ink on white, for figure files and light screens. */
  public static final Palette LIGHT =
      new Palette(
          Color.WHITE, new Color(0x202020), Color.BLACK, new Color(0xE4E4E4), new Color(0xA0A0A0));

  /** Light ink on the page's dark background. */
  public static final Palette DARK =
      new Palette(
          new Color(0x14181D),
          new Color(0xE2E6EA),
          new Color(0xE2E6EA),
          new Color(0x2C333B),
          new Color(0x6A737D));
}
