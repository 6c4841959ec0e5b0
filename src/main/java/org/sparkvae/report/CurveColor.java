package org.sparkvae.report;

import java.awt.Color;

/**
 * The color of a curve in each palette. The colors are those of Okabe and Ito, which color-blind
 * readers can distinguish, with variants for dark backgrounds.
 */
enum CurveColor {
  SKY(0x56B4E9, 0x8FB8D0),
  BLUE(0x0072B2, 0x3FA2E8),
  ORANGE(0xD55E00, 0xF0903C);

  private final Color onLight;
  private final Color onDark;

  CurveColor(int onLight, int onDark) {
    this.onLight = new Color(onLight);
    this.onDark = new Color(onDark);
  }

  Color in(Palette palette) {
    return palette == Palette.DARK ? onDark : onLight;
  }
}
