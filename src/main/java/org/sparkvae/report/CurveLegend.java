package org.sparkvae.report;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;

/**
 * What each curve is, in centred rows. XChart's own horizontal legend sets every name at a height
 * of its own, by whether it has letters that reach below the line.
 */
record CurveLegend(List<Curve> curves, int markerSize, ChartOptions look) {
  private static final int ROW_HEIGHT = 20;
  private static final int SAMPLE = 28;
  private static final int SPACE = 7;
  private static final int BETWEEN = 26;

  CurveLegend {
    curves = List.copyOf(curves);
  }

  /** Layout units from top to bottom. */
  int height() {
    return rows().size() * ROW_HEIGHT;
  }

  void paint(Graphics2D g, int top) {
    double middle = top + ROW_HEIGHT / 2.0;
    for (List<Curve> row : rows()) {
      double x = (look.width() - width(row)) / 2;
      for (Curve curve : row) {
        paint(g, curve, x, middle);
        x += entry(curve) + BETWEEN;
      }
      middle += ROW_HEIGHT;
    }
  }

  private void paint(Graphics2D g, Curve curve, double x, double middle) {
    g.setColor(curve.hue().in(look.palette()));
    g.setStroke(curve.stroke());
    g.draw(new Line2D.Double(x, middle, x + SAMPLE, middle));
    curve.marker().paint(g, x + SAMPLE / 2.0, middle, markerSize);
    g.setFont(font());
    g.setColor(look.palette().ink());
    g.drawString(curve.name(), (float) (x + SAMPLE + SPACE), (float) middle + 4.5f);
  }

  /** As few rows as there have to be, about as long as one another. */
  private List<List<Curve>> rows() {
    int columns = curves.size();
    while (columns > 1 && rows(columns).stream().anyMatch(row -> width(row) > look.width())) {
      columns--;
    }
    int rows = (curves.size() + columns - 1) / columns;
    return rows((curves.size() + rows - 1) / rows);
  }

  private List<List<Curve>> rows(int columns) {
    List<List<Curve>> rows = new ArrayList<>();
    for (int first = 0; first < curves.size(); first += columns) {
      rows.add(curves.subList(first, Math.min(first + columns, curves.size())));
    }
    return rows;
  }

  private static double width(List<Curve> row) {
    return row.stream().mapToDouble(curve -> entry(curve) + BETWEEN).sum() - BETWEEN;
  }

  private static double entry(Curve curve) {
    return SAMPLE + SPACE + font().getStringBounds(curve.name(), Fonts.CONTEXT).getWidth();
  }

  private static Font font() {
    return Fonts.plain(13);
  }
}
