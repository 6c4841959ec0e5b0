package org.sparkvae.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Draws a quantity over the epochs: last minibatch and mean of the training set, and the test set.
 *
 * @param title above the figure
 * @param valueAxis what is drawn, and its unit
 */
public record LearningCurve(String title, String valueAxis) {
  /** Screen pixels per unit of layout: figures stay sharp on screens of twice the usual density. */
  static final int DENSITY = 2;

  static final int WIDTH = 760;
  static final int HEIGHT = 460;

  private static final int MARGIN = 12;
  private static final Color INK = new Color(0x202020);

  /** The report's Figure 2: loss in nats per pixel. */
  public static LearningCurve loss() {
    return new LearningCurve(
        "Figure 2: Loss Change During Training", "BCE + regularisation term (nats per pixel)");
  }

  /** The report's Figure 3: regularisation term in nats per latent element. */
  public static LearningCurve regularisationTerm() {
    return new LearningCurve(
        "Figure 3: Regularization Term Change During Training",
        "regularisation term (nats per latent element)");
  }

  /**
   * Draws the curves that have a value at all.
   *
   * @param epochs one point per epoch, epochs ascending
   * @return an RGB image of 1520×920 screen pixels
   * @throws IllegalArgumentException if epochs do not ascend, or no value is there to draw
   */
  public BufferedImage draw(List<EpochPoint> epochs) {
    Fonts.check();
    return paint(new CurveChart(valueAxis, epochs));
  }

  BufferedImage paint(CurveChart chart) {
    BufferedImage figure =
        new BufferedImage(WIDTH * DENSITY, HEIGHT * DENSITY, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = figure.createGraphics();
    g.scale(DENSITY, DENSITY);
    Fonts.smooth(g);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, WIDTH, HEIGHT);
    // XChart would cut a long title off.
    TextBlock heading = TextBlock.wrapped(title, Fonts.bold(16), WIDTH - 2 * MARGIN);
    heading.draw(g, INK, MARGIN, MARGIN, WIDTH - 2 * MARGIN);
    chart.paint(g, WIDTH, MARGIN + heading.height(), HEIGHT);
    g.dispose();
    return figure;
  }
}
