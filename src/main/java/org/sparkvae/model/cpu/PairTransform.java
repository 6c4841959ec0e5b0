package org.sparkvae.model.cpu;

import static org.sparkvae.image.ImageShape.ROWS;
import static org.sparkvae.model.cpu.PairPart.LOWER;
import static org.sparkvae.model.cpu.PairPart.SHARED;
import static org.sparkvae.model.cpu.PairPart.UPPER;

import java.util.Arrays;

/**
 * The linear map from the input rows of an image to the factors of the {@linkplain PairPart parts},
 * and its transpose. Not thread-safe.
 */
final class PairTransform {
  private final float[] even;
  private final float[] odd;
  private final float[] upper;
  private final float[] lower;

  PairTransform(DecoderBlockShape shape) {
    this.even = new float[shape.inRowSize()];
    this.odd = new float[shape.inRowSize()];
    this.upper = new float[shape.inRowSize()];
    this.lower = new float[shape.inRowSize()];
  }

  /**
   * Computes the factors of an image.
   *
   * @param source input, {@code [minibatch, rows, inColumns, inChannels]}
   * @param factors receives the factors, {@code [pairs, inColumns, inChannels]} for each part
   */
  void split(NativeFloats source, int image, PairMatrices factors) {
    Arrays.fill(odd, 0);
    for (int pair = 0; pair < PairPart.PAIRS; pair++) {
      readRow(source, image, 2 * pair, even);
      for (int i = 0; i < even.length; i++) {
        upper[i] = odd[i] - even[i];
      }
      readRow(source, image, 2 * pair + 1, odd);
      for (int i = 0; i < even.length; i++) {
        lower[i] = odd[i] - even[i];
      }
      factors.write(SHARED, pair, 0, even);
      factors.write(UPPER, pair, 0, upper);
      factors.write(LOWER, pair, 0, lower);
    }
  }

  /**
   * Computes the gradient of an image's input.
   *
   * @param gradients gradients of the image's factors
   * @param target receives the gradient, {@code [minibatch, rows, inColumns, inChannels]}
   */
  void mergeGradients(PairMatrices gradients, NativeFloats target, int image) {
    gradients.read(UPPER, 0, 0, upper);
    for (int pair = 0; pair < ROWS / 2; pair++) {
      gradients.read(SHARED, pair, 0, even);
      gradients.read(LOWER, pair, 0, lower);
      for (int i = 0; i < even.length; i++) {
        even[i] -= upper[i] + lower[i];
      }
      gradients.read(UPPER, pair + 1, 0, upper);
      for (int i = 0; i < even.length; i++) {
        odd[i] = lower[i] + upper[i];
      }
      long row = (long) image * ROWS + 2L * pair;
      target.write(row * even.length, even, 0, even.length);
      target.write((row + 1) * even.length, odd, 0, odd.length);
    }
  }

  private static void readRow(NativeFloats source, int image, int row, float[] target) {
    if (row < ROWS) {
      source.read(((long) image * ROWS + row) * target.length, target, target.length);
    } else {
      Arrays.fill(target, 0);
    }
  }
}
