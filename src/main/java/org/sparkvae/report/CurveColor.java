package org.sparkvae.report;

import java.awt.Color;

/**
 * The color of a curve in each palette. The colors are those of Okabe and Ito, which color-blind
 * readers can distinguish, with variants for dark backgrounds.
 */
record CurveColor(Color onLight, Color onDark) {
  static final CurveColor SKY = new CurveColor(new Color(0x56B4E9), new Color(0x8FB8D0));
  static final CurveColor BLUE = new CurveColor(new Color(0x0072B2), new Color(0x3FA2E8));
  static final CurveColor ORANGE = new CurveColor(new Color(0xD55E00), new Color(0xF0903C));

  Color in(Palette palette) {
    return palette.equals(Palette.DARK) ? onDark : onLight;
  }
}
