package org.sparkvae.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StructuralSimilarityTest {
  private final StructuralSimilarity similarity = new StructuralSimilarity(28);

  private static byte[] image() {
    byte[] image = new byte[784];
    for (int i = 0; i < image.length; i++) {
      image[i] = (byte) ((i * 37 + i / 28 * 11) % 256);
    }
    return image;
  }

  private static float[] toFloats(byte[] image) {
    float[] grays = new float[image.length];
    for (int i = 0; i < grays.length; i++) {
      grays[i] = (float) PixelMetrics.gray(image[i]);
    }
    return grays;
  }

  @Test
  void matchesTheFormulasOfThePaper() {
    byte[] image = image();
    float[] reconstruction = new float[784];
    for (int i = 0; i < reconstruction.length; i++) {
      reconstruction[i] =
          (float) ((i * 53 + 17) % 1000 / 1000.0 * 0.5 + 0.5 * PixelMetrics.gray(image[i]));
    }
    assertThat(similarity.of(image, reconstruction))
        .isCloseTo(windowByWindow(toFloats(image), reconstruction), within(1e-6))
        .isCloseTo(0.651941, within(1e-6));
  }

  /**
   * Computes the index directly from the paper's formulas, with a two-dimensional window at every
   * position.
   */
  private static double windowByWindow(float[] x, float[] y) {
    double sum = 0;
    for (int row = 0; row < 18; row++) {
      for (int column = 0; column < 18; column++) {
        double weights = 0;
        double[] m = new double[5];
        for (int r = 0; r < 11; r++) {
          for (int c = 0; c < 11; c++) {
            double w = Math.exp(-((r - 5) * (r - 5) + (c - 5) * (c - 5)) / 4.5);
            double a = x[(row + r) * 28 + column + c];
            double b = y[(row + r) * 28 + column + c];
            double[] terms = {a, b, a * a, b * b, a * b};
            for (int i = 0; i < 5; i++) {
              m[i] += w * terms[i];
            }
            weights += w;
          }
        }
        for (int i = 0; i < 5; i++) {
          m[i] /= weights;
        }
        double luminance = (2 * m[0] * m[1] + 1e-4) / (m[0] * m[0] + m[1] * m[1] + 1e-4);
        double variances = m[2] - m[0] * m[0] + m[3] - m[1] * m[1];
        sum += luminance * (2 * (m[4] - m[0] * m[1]) + 9e-4) / (variances + 9e-4);
      }
    }
    return sum / (18 * 18);
  }

  @Test
  void isOneForEqualImages() {
    assertThat(similarity.of(image(), toFloats(image()))).isCloseTo(1, within(1e-6));
  }

  /** Without variance, only the means are compared: (2 · 0 · 1 + C₁) / (0 + 1 + C₁). */
  @Test
  void isNearlyZeroForBlackAndWhite() {
    float[] white = new float[784];
    Arrays.fill(white, 1);
    assertThat(similarity.of(new byte[784], white)).isCloseTo(1e-4 / 1.0001, within(1e-9));
  }
}
