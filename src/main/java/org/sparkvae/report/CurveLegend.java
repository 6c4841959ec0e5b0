package org.sparkvae.report;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;

/**
 * A legend with the names of the curves in centered rows. It replaces XChart's horizontal legend,
 * which does not align names on a common baseline.
 */
record CurveLegend(List<Curve> curves, int markerSize, ChartOptions options) {
  private static final int ROW_HEIGHT = 20;
  private static final int LINE_WIDTH = 28;
  private static final int LINE_GAP = 7;
  private static final int ENTRY_GAP = 26;

  CurveLegend {
    curves = List.copyOf(curves);
  }

  /** Returns the height in layout units. */
  int height() {
    return rows().size() * ROW_HEIGHT;
  }

  void paint(Graphics2D g, int top) {
    double middle = top + ROW_HEIGHT / 2.0;
    for (List<Curve> row : rows()) {
      double x = (options.width() - width(row)) / 2;
      for (Curve curve : row) {
        paint(g, curve, x, middle);
        x += entryWidth(curve) + ENTRY_GAP;
      }
      middle += ROW_HEIGHT;
    }
  }

  private void paint(Graphics2D g, Curve curve, double x, double middle) {
    g.setColor(curve.color().in(options.palette()));
    g.setStroke(curve.stroke());
    g.draw(new Line2D.Double(x, middle, x + LINE_WIDTH, middle));
    curve.marker().paint(g, x + LINE_WIDTH / 2.0, middle, markerSize);
    g.setFont(font());
    g.setColor(options.palette().ink());
    g.drawString(curve.name(), (float) (x + LINE_WIDTH + LINE_GAP), (float) middle + 4.5f);
  }

  /** Distributes the curves evenly over the minimum number of rows. */
  private List<List<Curve>> rows() {
    int columns = curves.size();
    while (columns > 1 && rows(columns).stream().anyMatch(row -> width(row) > options.width())) {
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
    return row.stream().mapToDouble(curve -> entryWidth(curve) + ENTRY_GAP).sum() - ENTRY_GAP;
  }

  private static double entryWidth(Curve curve) {
    return LINE_WIDTH + LINE_GAP + font().getStringBounds(curve.name(), Fonts.CONTEXT).getWidth();
  }

  private static Font font() {
    return Fonts.plain(13);
  }
}
