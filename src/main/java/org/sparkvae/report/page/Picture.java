package org.sparkvae.report.page;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import org.sparkvae.report.Figures;

/**
 * A picture within the page.
 *
 * @param caption what it shows
 * @param uri PNG, as {@code data:} URI
 */
public record Picture(String caption, String uri) {
  /** Of a PNG file's bytes. */
  public static Picture ofPng(String caption, byte[] png) {
    return new Picture(caption, "data:image/png;base64," + Base64.getEncoder().encodeToString(png));
  }

  static Picture of(String caption, BufferedImage image) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      Figures.writePng(image, png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ofPng(caption, png.toByteArray());
  }
}
