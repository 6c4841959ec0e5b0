package org.sparkvae.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.List;

/**
 * What each curve is, in one centred row. XChart's own horizontal legend sets every name at a
 * height of its own, by whether it has letters that reach below the line.
 */
record CurveLegend(List<Curve> curves, int markerSize) {
  /** Layout units from top to bottom. */
  static final int HEIGHT = 20;

  private static final Color INK = new Color(0x202020);
  private static final int SAMPLE = 28;
  private static final int SPACE = 7;
  private static final int BETWEEN = 26;

  CurveLegend {
    curves = List.copyOf(curves);
  }

  /** Paints centred between the figure's left edge and {@code width}. */
  void paint(Graphics2D g, int width, int top) {
    Font font = Fonts.plain(13);
    double middle = top + HEIGHT / 2.0;
    double all = curves.stream().mapToDouble(c -> entry(c, font) + BETWEEN).sum() - BETWEEN;
    double x = (width - all) / 2;
    for (Curve curve : curves) {
      g.setColor(curve.colour());
      g.setStroke(curve.stroke());
      g.draw(new Line2D.Double(x, middle, x + SAMPLE, middle));
      curve.marker().paint(g, x + SAMPLE / 2.0, middle, markerSize);
      g.setFont(font);
      g.setColor(INK);
      g.drawString(curve.name(), (float) (x + SAMPLE + SPACE), (float) middle + 4.5f);
      x += entry(curve, font) + BETWEEN;
    }
  }

  private static double entry(Curve curve, Font font) {
    return SAMPLE + SPACE + font.getStringBounds(curve.name(), Fonts.CONTEXT).getWidth();
  }
}
