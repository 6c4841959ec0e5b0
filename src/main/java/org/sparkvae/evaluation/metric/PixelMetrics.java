package org.sparkvae.evaluation.metric;

/** Metrics of the pixels of one image. */
public final class PixelMetrics {
  private static final double MIN_ERROR = 1e-10;

  private PixelMetrics() {}

  /**
   * Returns the lowest binary cross-entropy of any reconstruction of a gray image, that of the
   * image itself: −mean(y log y + (1 − y) log(1 − y)), in nats per pixel. It is 0 for a purely
   * black and white image.
   *
   * @param image unsigned bytes, 255 for y = 1
   */
  public static double entropyFloor(byte[] image) {
    double sum = 0;
    for (byte pixel : image) {
      double y = gray(pixel);
      sum -= xLogX(y) + xLogX(1 - y);
    }
    return sum / image.length;
  }

  private static double xLogX(double x) {
    return x == 0 ? 0 : x * Math.log(x);
  }

  /**
   * Returns the mean squared error of a reconstruction, mean((y − p)²).
   *
   * @param image unsigned bytes, 255 for y = 1
   * @param reconstruction values in [0, 1], one per pixel
   */
  public static double meanSquaredError(byte[] image, float[] reconstruction) {
    double sum = 0;
    for (int i = 0; i < image.length; i++) {
      double difference = gray(image[i]) - reconstruction[i];
      sum += difference * difference;
    }
    return sum / image.length;
  }

  /**
   * Returns the peak signal-to-noise ratio in dB for a peak of 1, 10 log₁₀(1 / MSE). It is at most
   * 100 dB, so that a perfect reconstruction does not make the mean infinite.
   */
  public static double peakSignalToNoise(byte[] image, float[] reconstruction) {
    return -10 * Math.log10(Math.max(meanSquaredError(image, reconstruction), MIN_ERROR));
  }

  static double gray(byte pixel) {
    return (pixel & 0xff) / 255.0;
  }
}
