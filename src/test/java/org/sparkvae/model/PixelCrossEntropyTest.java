package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PixelCrossEntropyTest {
  private final PixelCrossEntropy loss = new PixelCrossEntropy(4);
  private final INDArray logits = Nd4j.create(new double[][] {{0, 2, -1, 0.5}, {1, 1, 1, 1}});
  private final INDArray labels = Nd4j.create(new double[][] {{1, 0, 0.5, 1}, {0, 1, 0, 0.25}});

  @Test
  void isTheMeanOverPixelsAndImages() {
    double expected = 0;
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 4; column++) {
        double p = 1 / (1 + Math.exp(-logits.getDouble(row, column)));
        double y = labels.getDouble(row, column);
        expected -= (y * Math.log(p) + (1 - y) * Math.log(1 - p)) / 8;
      }
    }
    assertThat(loss.computeScore(labels, logits, new ActivationSigmoid(), null, true))
        .isCloseTo(expected, within(1e-6));
    assertThat(
            loss.computeScoreArray(labels, logits, new ActivationSigmoid(), null)
                .sumNumber()
                .doubleValue())
        .isCloseTo(2 * expected, within(1e-6));
  }

  @Test
  void isExactForLargeLogits() {
    INDArray largeLogits = Nd4j.create(new double[][] {{60, -60, 60, -60}});
    INDArray y = Nd4j.create(new double[][] {{0, 1, 1, 0}});
    assertThat(loss.computeScore(y, largeLogits, new ActivationSigmoid(), null, true))
        .isCloseTo(30, within(1e-6));
    assertThat(
            loss.computeGradient(y, largeLogits, new ActivationSigmoid(), null).toDoubleMatrix()[0])
        .containsExactly(new double[] {0.25, -0.25, 0, 0}, within(1e-9));
  }
}
