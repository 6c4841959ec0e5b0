package org.sparkvae.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** The PNG output of figures. */
public final class FigureFiles {
  private FigureFiles() {}

  /**
   * Writes an image as PNG and leaves the stream open.
   *
   * @param image the image, of any size
   * @param out the stream to write to
   */
  public static void writePng(BufferedImage image, OutputStream out) throws IOException {
    // Given an OutputStream, ImageIO would create a temporary file.
    try (MemoryCacheImageOutputStream memory = new MemoryCacheImageOutputStream(out)) {
      if (!ImageIO.write(image, "png", memory)) {
        throw new IOException(
            "PNG: no writer supports images of type %d.".formatted(image.getType()));
      }
    }
  }
}
