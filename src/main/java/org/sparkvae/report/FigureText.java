package org.sparkvae.report;

import java.util.Objects;

/**
 * The words around a figure. Long ones are broken into lines; empty ones take no room.
 *
 * @param title above the figure
 * @param caption below the figure
 */
public record FigureText(String title, String caption) {
  /** Refuses null. */
  public FigureText {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(caption, "caption");
  }

  /** A title and no caption. */
  public static FigureText titled(String title) {
    return new FigureText(title, "");
  }
}
