package org.sparkvae.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Draws a quantity over the epochs: last minibatch and mean of the training set, and the test set.
 *
 * @param title above the figure; may be empty
 * @param valueAxis what is drawn, and its unit
 */
public record LearningCurve(String title, String valueAxis) {
  /** Screen pixels per unit of layout: figures stay sharp on screens of twice the usual density. */
  static final int DENSITY = 2;

  private static final int MARGIN = 12;

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

  /**
   * The same in another size and other colours.
   *
   * @return an RGB image of twice the look's width and height
   */
  public BufferedImage draw(List<EpochPoint> epochs, ChartOptions look) {
    Fonts.check();
    return paint(new CurveChart(valueAxis, Curve.ofRun(epochs), look));
  }

  /**
   * Draws mean of the training set and test set of two runs, named A and B.
   *
   * @param a one point per epoch, epochs ascending
   * @param b likewise; not necessarily as many
   * @return an RGB image of twice the look's width and height
   */
  public BufferedImage drawBoth(List<EpochPoint> a, List<EpochPoint> b, ChartOptions look) {
    Fonts.check();
    return paint(new CurveChart(valueAxis, Curve.ofTwo(a, b), look));
  }

  /** The same without words above it, for where they stand beside. */
  public LearningCurve untitled() {
    return new LearningCurve("", valueAxis);
  }

  BufferedImage paint(CurveChart chart) {
    ChartOptions look = chart.look();
    BufferedImage figure =
        new BufferedImage(
            look.width() * DENSITY, look.height() * DENSITY, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = figure.createGraphics();
    g.scale(DENSITY, DENSITY);
    Fonts.smooth(g);
    g.setColor(look.palette().paper());
    g.fillRect(0, 0, look.width(), look.height());
    // XChart would cut a long title off.
    TextBlock heading = TextBlock.wrapped(title, Fonts.bold(16), look.width() - 2 * MARGIN);
    heading.draw(g, look.palette().ink(), MARGIN, MARGIN, look.width() - 2 * MARGIN);
    chart.paint(g, heading.height() == 0 ? 0 : MARGIN + heading.height());
    g.dispose();
    return figure;
  }
}
