package org.sparkvae.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** What all figures share: writing them down, and asking whether this machine can draw them. */
public final class FigureFiles {
  private FigureFiles() {}

  /**
   * Writes an image as PNG. The stream is left open.
   *
   * @param image the image, of any size
   * @param out where the bytes go
   */
  public static void writePng(BufferedImage image, OutputStream out) throws IOException {
    // ImageIO's own stream for an OutputStream is backed by a temporary file; this one needs none.
    try (MemoryCacheImageOutputStream memory = new MemoryCacheImageOutputStream(out)) {
      if (!ImageIO.write(image, "png", memory)) {
        throw new IOException("no PNG writer takes an image of type " + image.getType());
      }
    }
  }

  /**
   * Draws one letter, so that a machine without fonts is found out before any work is done.
   *
   * @throws org.sparkvae.exception.TransientException if this JVM cannot draw text
   */
  public static void checkFonts() {
    Fonts.check();
  }
}
