package org.sparkvae.report;

import java.awt.AWTError;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.sparkvae.exception.TransientException;

/** The fonts and the rendering hints of all figures. */
public final class Fonts {
  /** The context for measuring text before an image exists, equal to that of {@link #setHints}. */
  static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private Fonts() {}

  static Font plain(int size) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, size);
  }

  static Font bold(int size) {
    return new Font(Font.SANS_SERIF, Font.BOLD, size);
  }

  /**
   * Sets every rendering hint that a desktop environment could otherwise change, so that the pixels
   * do not depend on it.
   */
  static void setHints(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  /**
   * Renders one letter, so that a machine without fonts fails before any work is done.
   *
   * @throws TransientException if this JVM cannot render text
   */
  public static void check() {
    try {
      Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
      g.setFont(plain(12));
      g.drawString("x", 0, 0);
      g.dispose();
    } catch (RuntimeException | InternalError | LinkageError | AWTError fault) {
      // The type depends on what is missing: fonts, fontconfig, freetype or the display.
      throw new TransientException(
          ("figures cannot be rendered: Java finds no usable font (%s). Install fontconfig and a font"
                  + " (Debian: apt-get install fontconfig fonts-dejavu-core), set"
                  + " JAVA_OPTS=-Djava.awt.headless=true, and rerun the same command.")
              .formatted(rootMessage(fault)),
          fault);
    }
  }

  private static String rootMessage(Throwable fault) {
    Throwable cause = ExceptionUtils.getRootCause(fault);
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message.replaceAll("\\s+", " ");
  }
}
