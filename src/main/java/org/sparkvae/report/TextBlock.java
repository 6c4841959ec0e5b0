package org.sparkvae.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.LineMetrics;
import java.util.ArrayList;
import java.util.List;

/** A block of text that is wrapped to a width. Empty text has no lines and no height. */
record TextBlock(List<String> lines, Font font) {
  TextBlock {
    lines = List.copyOf(lines);
  }

  /** Wraps text at white space, and inside a word only if the word alone is too wide. */
  static TextBlock wrapped(String text, Font font, int width) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.strip().split("\\s+", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (fits(longer, font, width)) {
        line = longer;
        continue;
      }
      if (!line.isEmpty()) {
        lines.add(line);
      }
      line = word;
      while (!fits(line, font, width)) {
        int end = fittingLength(line, font, width);
        lines.add(line.substring(0, end));
        line = line.substring(end);
      }
    }
    if (!line.isEmpty()) {
      lines.add(line);
    }
    return new TextBlock(lines, font);
  }

  /** Returns the height of all lines in pixels. */
  int height() {
    return lines.size() * lineHeight();
  }

  /** Draws each line centered between {@code left} and {@code left + width}. */
  void draw(Graphics2D g, Color color, int left, int top, int width) {
    g.setFont(font);
    g.setColor(color);
    float baseline = top + metrics().getAscent();
    for (String line : lines) {
      g.drawString(line, (float) (left + (width - widthOf(line, font)) / 2), baseline);
      baseline += lineHeight();
    }
  }

  private int lineHeight() {
    return (int) Math.ceil(metrics().getHeight());
  }

  private LineMetrics metrics() {
    return font.getLineMetrics("Xg", Fonts.CONTEXT);
  }

  private static int fittingLength(String word, Font font, int width) {
    int end = 1;
    while (end < word.length() - 1 && fits(word.substring(0, end + 1), font, width)) {
      end++;
    }
    return end;
  }

  private static boolean fits(String line, Font font, int width) {
    return line.length() <= 1 || widthOf(line, font) <= width;
  }

  private static double widthOf(String line, Font font) {
    return font.getStringBounds(line, Fonts.CONTEXT).getWidth();
  }
}
