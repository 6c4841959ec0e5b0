package org.sparkvae.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A plot of a quantity over the epochs: last minibatch and mean of the training set, and the value
 * of the test set.
 *
 * @param title the text above the figure; may be empty
 * @param valueAxis the quantity and its unit
 */
public record LearningCurve(String title, String valueAxis) {
  /** Screen pixels per layout unit, so that figures are sharp on high-density screens. */
  static final int DENSITY = 2;

  private static final int MARGIN = 12;

  /** Returns the reference report's Figure 2: the loss in nats per pixel. */
  public static LearningCurve loss() {
    return new LearningCurve(
        "Figure 2: Loss Change During Training", "BCE + regularization term (nats per pixel)");
  }

  /** Returns the reference report's Figure 3: the regularization term in nats per element. */
  public static LearningCurve regularizationTerm() {
    return new LearningCurve(
        "Figure 3: Regularization Term Change During Training",
        "regularization term (nats per latent element)");
  }

  /**
   * Plots the curves that have at least one value.
   *
   * @param epochs one point per epoch, ascending
   * @return an RGB image of 1520×920 screen pixels
   * @throws IllegalArgumentException if the epochs are not ascending or have no value
   */
  public BufferedImage plot(List<EpochPoint> epochs) {
    return plot(epochs, ChartOptions.FIGURE_FILE);
  }

  /**
   * Plots the curves in a given size and palette.
   *
   * @return an RGB image of twice the width and height in the options
   */
  public BufferedImage plot(List<EpochPoint> epochs, ChartOptions options) {
    return paint(new CurveChart(valueAxis, Curve.ofRun(epochs), options));
  }

  /**
   * Plots the training set's means and the test set's values of two runs, named A and B.
   *
   * @param a one point per epoch of run A, ascending
   * @param b one point per epoch of run B, ascending; the numbers of epochs may differ
   * @return an RGB image of twice the width and height in the options
   */
  public BufferedImage plotComparison(
      List<EpochPoint> a, List<EpochPoint> b, ChartOptions options) {
    return paint(new CurveChart(valueAxis, Curve.ofComparison(a, b), options));
  }

  /** Returns this plot without a title. */
  public LearningCurve untitled() {
    return new LearningCurve("", valueAxis);
  }

  BufferedImage paint(CurveChart chart) {
    Fonts.check();
    ChartOptions options = chart.options();
    BufferedImage figure =
        new BufferedImage(
            options.width() * DENSITY, options.height() * DENSITY, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = figure.createGraphics();
    g.scale(DENSITY, DENSITY);
    Fonts.setHints(g);
    g.setColor(options.palette().paper());
    g.fillRect(0, 0, options.width(), options.height());
    // XChart would truncate a long title.
    TextBlock titleBlock = TextBlock.wrapped(title, Fonts.bold(16), options.width() - 2 * MARGIN);
    titleBlock.draw(g, options.palette().ink(), MARGIN, MARGIN, options.width() - 2 * MARGIN);
    chart.paint(g, titleBlock.height() == 0 ? 0 : MARGIN + titleBlock.height());
    g.dispose();
    return figure;
  }
}
