package org.sparkvae.evaluation.metric;

/**
 * The structural similarity index (Wang, Bovik, Sheikh and Simoncelli, 2004), 1 for equal images.
 *
 * <p>The parameters are those of the paper: a Gaussian window of 11×11 with a standard deviation of
 * 1.5 pixels, K₁ = 0.01, K₂ = 0.03 and a dynamic range of 1. The index is the mean over every
 * window position within the image. Variances are divided by the sum of the window's weights,
 * without Bessel's correction.
 *
 * @param side the height and width of the images, at least 11 pixels
 */
public record StructuralSimilarity(int side) {
  private static final int WINDOW = 11;
  private static final double DEVIATION = 1.5;
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;
  private static final double[] WEIGHTS = weights();

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
   * Returns the mean index of a reconstruction.
   *
   * @param image unsigned bytes row by row, 255 for 1
   * @param reconstruction values in [0, 1], one per pixel
   */
  public double of(byte[] image, float[] reconstruction) {
    double[] x = new double[image.length];
    double[] y = new double[image.length];
    for (int i = 0; i < image.length; i++) {
      x[i] = PixelMetrics.gray(image[i]);
      y[i] = reconstruction[i];
    }
    double[] meanX = windowMeans(x);
    double[] meanY = windowMeans(y);
    double[] meanXx = windowMeans(products(x, x));
    double[] meanYy = windowMeans(products(y, y));
    double[] meanXy = windowMeans(products(x, y));
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

  /**
   * Returns the weighted means at every window position. The window is separable into a column and
   * a row.
   */
  private double[] windowMeans(double[] image) {
    int positions = side - WINDOW + 1;
    double[] rows = new double[side * positions];
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < positions; column++) {
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
          sum += WEIGHTS[i] * image[row * side + column + i];
        }
        rows[row * positions + column] = sum;
      }
    }
    double[] means = new double[positions * positions];
    for (int row = 0; row < positions; row++) {
      for (int column = 0; column < positions; column++) {
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
          sum += WEIGHTS[i] * rows[(row + i) * positions + column];
        }
        means[row * positions + column] = sum;
      }
    }
    return means;
  }
}
