package org.sparkvae.report.page;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import org.apache.commons.io.function.Uncheck;
import org.sparkvae.report.FigureFiles;

/**
 * An image that is embedded in the page.
 *
 * @param caption the text below the image
 * @param uri the PNG file as a {@code data:} URI
 */
public record EmbeddedImage(String caption, String uri) {
  /** Embeds a PNG file. */
  public static EmbeddedImage ofPng(String caption, byte[] png) {
    return new EmbeddedImage(
        caption, "data:image/png;base64," + Base64.getEncoder().encodeToString(png));
  }

  static EmbeddedImage of(String caption, BufferedImage image) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    Uncheck.run(() -> FigureFiles.writePng(image, png));
    return ofPng(caption, png.toByteArray());
  }
}
