package org.sparkvae.report;

import java.awt.Color;

/** The colors of a chart. */
public enum Palette {
  /** Dark ink on white, for figure files and light screens. */
  LIGHT(Color.WHITE, new Color(0x202020), Color.BLACK, new Color(0xE4E4E4), new Color(0xA0A0A0)),
  /** Light ink on the page's dark background. */
  DARK(
      new Color(0x14181D),
      new Color(0xE2E6EA),
      new Color(0xE2E6EA),
      new Color(0x2C333B),
      new Color(0x6A737D));

  private final Color paper;
  private final Color ink;
  private final Color tickLabel;
  private final Color grid;
  private final Color frame;

  Palette(Color paper, Color ink, Color tickLabel, Color grid, Color frame) {
    this.paper = paper;
    this.ink = ink;
    this.tickLabel = tickLabel;
    this.grid = grid;
    this.frame = frame;
  }

  Color paper() {
    return paper;
  }

  Color ink() {
    return ink;
  }

  Color tickLabel() {
    return tickLabel;
  }

  Color grid() {
    return grid;
  }

  Color frame() {
    return frame;
  }
}
