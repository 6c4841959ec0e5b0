package org.sparkvae.report;

import java.awt.Color;

/**
 * A curve's colour in each palette: Okabe and Ito's, which the colour-blind tell apart, the darker
 * of them made lighter for a dark background.
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
