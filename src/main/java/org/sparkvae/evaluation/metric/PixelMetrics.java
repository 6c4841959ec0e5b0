package org.sparkvae.evaluation.metric;

/** Metrics over the pixels of one image. */
public final class PixelMetrics {
  private static final double LEAST_ERROR = 1e-10;

  private PixelMetrics() {}

  /**
   * The least binary cross-entropy that any reconstruction of a grey image can have, that of the
   * image itself: −mean(y log y + (1 − y) log(1 − y)), in nats per pixel; 0 for an image of black
   * and white alone.
   *
   * @param image unsigned bytes, 255 for y = 1
   */
  public static double entropyFloor(byte[] image) {
    double sum = 0;
    for (byte pixel : image) {
      double y = grey(pixel);
      sum -= xLogX(y) + xLogX(1 - y);
    }
    return sum / image.length;
  }

  private static double xLogX(double x) {
    return x == 0 ? 0 : x * Math.log(x);
  }

  /**
   * The mean squared error of a reconstruction, mean((y − p)²).
   *
   * @param image unsigned bytes, 255 for y = 1
   * @param reconstruction as many values in [0, 1]
   */
  public static double meanSquaredError(byte[] image, float[] reconstruction) {
    double sum = 0;
    for (int i = 0; i < image.length; i++) {
      double difference = grey(image[i]) - reconstruction[i];
      sum += difference * difference;
    }
    return sum / image.length;
  }

  /**
   * The peak signal-to-noise ratio in dB for a peak of 1, 10 log₁₀(1 / MSE), and 100 dB at most, so
   * that one perfect reconstruction does not make a mean infinite.
   */
  public static double peakSignalToNoise(double meanSquaredError) {
    return -10 * Math.log10(Math.max(meanSquaredError, LEAST_ERROR));
  }

  static double grey(byte pixel) {
    return (pixel & 0xff) / 255.0;
  }
}
