package org.sparkvae.report;

import java.util.Objects;

/**
 * The title and the caption of a figure. Long text is wrapped, and empty text takes no space.
 *
 * @param title the text above the figure
 * @param caption the text below the figure
 */
public record FigureText(String title, String caption) {
  /** Rejects null. */
  public FigureText {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(caption, "caption");
  }

  /** Returns a title without a caption. */
  public static FigureText titled(String title) {
    return new FigureText(title, "");
  }
}
