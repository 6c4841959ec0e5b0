package org.sparkvae.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PixelMetricsTest {
  private static final byte BLACK = 0;
  private static final byte WHITE = (byte) 255;

  @Test
  void blackAndWhiteImageHasNoEntropy() {
    assertThat(PixelMetrics.entropyFloor(new byte[] {BLACK, WHITE, WHITE, BLACK})).isZero();
  }

  /** The entropy of y = 0.2 is −(0.2 ln 0.2 + 0.8 ln 0.8) = 0.5004 nats, or 0.7219 bits. */
  @Test
  void averagesEntropyInNatsOverPixels() {
    assertThat(PixelMetrics.entropyFloor(new byte[] {51})).isCloseTo(0.500402, within(1e-6));
    assertThat(PixelMetrics.entropyFloor(new byte[] {51, BLACK})).isCloseTo(0.250201, within(1e-6));
  }

  @Test
  void averagesSquaredErrorsOverPixels() {
    byte[] image = {BLACK, WHITE, 51, 102};
    float[] reconstruction = {0.5f, 1, 0.4f, 0.1f};
    // The squared errors are 0.25, 0, 0.04 and 0.09.
    assertThat(PixelMetrics.meanSquaredError(image, reconstruction)).isCloseTo(0.095, within(1e-7));
  }

  @Test
  void convertsSquaredErrorToDecibels() {
    byte[] image = {BLACK, WHITE};
    // Squared errors of 0.01, 1 and 0.
    assertThat(PixelMetrics.peakSignalToNoise(image, new float[] {0.1f, 0.9f}))
        .isCloseTo(20, within(1e-5));
    assertThat(PixelMetrics.peakSignalToNoise(image, new float[] {1, 0})).isZero();
    assertThat(PixelMetrics.peakSignalToNoise(image, new float[] {0, 1}))
        .isCloseTo(100, within(1e-12));
  }
}
