package org.sparkvae.evaluation.metric;

/**
 * The structural similarity index (Wang, Bovik, Sheikh and Simoncelli, 2004), 1 for equal images.
 *
 * <p>As in the paper: a Gaussian window of 11×11 with a standard deviation of 1.5 pixels, K₁ =
 * 0.01, K₂ = 0.03, a dynamic range of 1, and the mean over every place where the window lies within
 * the image; for 28×28 these are 18×18. Variances are divided by the window's weight and not by one
 * less.
 */
public final class StructuralSimilarity {
  private static final int WINDOW = 11;
  private static final double DEVIATION = 1.5;
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;
  private static final double[] WEIGHTS = weights();

  private final int side;
  private final int places;

  /** For square images of a size, of 11 pixels at least. */
  public StructuralSimilarity(int side) {
    this.side = side;
    this.places = side - WINDOW + 1;
  }

  private static double[] weights() {
    double[] weights = new double[WINDOW];
    double sum = 0;
    for (int i = 0; i < WINDOW; i++) {
      double distance = i - WINDOW / 2;
      weights[i] = Math.exp(-distance * distance / (2 * DEVIATION * DEVIATION));
      sum += weights[i];
    }
    for (int i = 0; i < WINDOW; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /**
   * The mean index of a reconstruction.
   *
   * @param image unsigned bytes row by row, 255 for 1
   * @param reconstruction as many values in [0, 1]
   */
  public double of(byte[] image, float[] reconstruction) {
    double[] x = new double[image.length];
    double[] y = new double[image.length];
    for (int i = 0; i < image.length; i++) {
      x[i] = PixelMetrics.grey(image[i]);
      y[i] = reconstruction[i];
    }
    double[] meanX = local(x);
    double[] meanY = local(y);
    double[] meanXx = local(products(x, x));
    double[] meanYy = local(products(y, y));
    double[] meanXy = local(products(x, y));
    double sum = 0;
    for (int i = 0; i < meanX.length; i++) {
      double product = meanX[i] * meanY[i];
      double squares = meanX[i] * meanX[i] + meanY[i] * meanY[i];
      double covariance = meanXy[i] - product;
      double variances = meanXx[i] + meanYy[i] - squares;
      sum += (2 * product + C1) * (2 * covariance + C2) / ((squares + C1) * (variances + C2));
    }
    return sum / meanX.length;
  }

  private static double[] products(double[] a, double[] b) {
    double[] products = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      products[i] = a[i] * b[i];
    }
    return products;
  }

  /** Weighted means at every place of the window, which is the product of a column and a row. */
  private double[] local(double[] image) {
    double[] rows = new double[side * places];
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < places; column++) {
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
          sum += WEIGHTS[i] * image[row * side + column + i];
        }
        rows[row * places + column] = sum;
      }
    }
    double[] means = new double[places * places];
    for (int row = 0; row < places; row++) {
      for (int column = 0; column < places; column++) {
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
          sum += WEIGHTS[i] * rows[(row + i) * places + column];
        }
        means[row * places + column] = sum;
      }
    }
    return means;
  }
}
