package org.sparkvae.report;

import java.awt.AWTError;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import org.sparkvae.exception.TransientException;

/** The fonts of all figures, and how text is rendered. */
final class Fonts {
  /** How {@link #smooth} renders, so that text can be measured before there is an image. */
  static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private Fonts() {}

  static Font plain(int size) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, size);
  }

  static Font bold(int size) {
    return new Font(Font.SANS_SERIF, Font.BOLD, size);
  }

  /**
   * Sets every hint that a desktop could otherwise decide, so that the pixels do not depend on it.
   */
  static void smooth(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  /**
   * Draws one letter.
   *
   * @throws TransientException if this JVM cannot draw text
   */
  static void check() {
    try {
      Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
      g.setFont(plain(12));
      g.drawString("x", 0, 0);
      g.dispose();
    } catch (RuntimeException | InternalError | LinkageError | AWTError fault) {
      // Which of these it is depends on what is missing: fonts, fontconfig, freetype, the display.
      throw new TransientException(
          "figures cannot be drawn: this Java finds no usable fonts ("
              + root(fault)
              + "); install fontconfig and a font (Debian: apt-get install fontconfig"
              + " fonts-dejavu-core), run with -Djava.awt.headless=true, and start again",
          fault);
    }
  }

  private static String root(Throwable fault) {
    Throwable cause = fault;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message.replaceAll("\\s+", " ");
  }
}
