package org.sparkvae.model.cpu;

import static org.sparkvae.image.ImageShape.ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.CONVOLVED_ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.KERNEL;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;

import java.util.Arrays;

/**
 * The computations of a decoder block between its convolution and its max-pooling, for one image at
 * a time. Not thread-safe.
 *
 * <p>The loops over a row use one index for all arrays and no branches, so that the JIT compiler
 * can vectorize them. Rows are copied for this reason.
 */
final class RowKernel {
  /** The product of this number and any positive activation in practice is above 1. */
  private static final float HUGE = 0x1p126f;

  private final DecoderBlockShape shape;
  private final float[] row;
  private final float[] other;

  RowKernel(DecoderBlockShape shape) {
    this.shape = shape;
    this.row = new float[shape.convolvedRowSize()];
    this.other = new float[shape.convolvedRowSize()];
  }

  /**
   * Computes s · max(x + b, 0), where s is 1 or −1.
   *
   * @param values the first part of the convolution's output, which is replaced
   * @param image number of the image
   * @param overlapping the second part
   * @param bias bias for each value of a row
   * @param signs s for each value of a row
   */
  void rectify(
      NativeFloats values, int image, NativeFloats overlapping, float[] bias, float[] signs) {
    for (int y = 0; y < CONVOLVED_ROWS; y++) {
      readConvolved(values, image, overlapping, y);
      for (int i = 0; i < row.length; i++) {
        row[i] = signs[i] * Math.max(row[i] + bias[i], 0f);
      }
      values.write(start(image, y), row, 0, row.length);
    }
  }

  /**
   * Does the same as {@link #rectify} for v = max(x + b, 0), and adds v − c and (v − c)² over the
   * rows. A center c near the channel's mean avoids a loss of digits in the variance.
   *
   * @param center c for each value of a row
   * @param sum sums of v − c for each value of a row
   * @param square sums of (v − c)² for each value of a row
   */
  void rectifyAndSum(
      NativeFloats values,
      int image,
      NativeFloats overlapping,
      float[] bias,
      float[] signs,
      float[] center,
      float[] sum,
      float[] square) {
    for (int y = 0; y < CONVOLVED_ROWS; y++) {
      readConvolved(values, image, overlapping, y);
      for (int i = 0; i < row.length; i++) {
        row[i] = Math.max(row[i] + bias[i], 0f);
      }
      for (int i = 0; i < row.length; i++) {
        float distance = row[i] - center[i];
        sum[i] += distance;
        square[i] += distance * distance;
        row[i] *= signs[i];
      }
      values.write(start(image, y), row, 0, row.length);
    }
  }

  /**
   * Replaces values by the gradients of the convolution's output. They are 0 if ReLU gave 0.
   * Otherwise, each is the gradient that reaches the value through the pooling, plus that through
   * batch norm's statistics. The latter is a linear function of the value.
   *
   * @param values the values of {@link #rectifyAndSum}
   * @param image number of the image
   * @param pooling gradients through the pooling, {@code [86 rows, convolvedColumns, outChannels]}
   * @param rowGradients receives the gradients a second time, as {@link
   *     TransposedConvolution#backward} needs them
   * @param signs s for each value of a row
   * @param intercepts {@link BatchNorm.StatisticsGradient} for each value of a row
   * @param slopes {@link BatchNorm.StatisticsGradient} for each value of a row
   * @param biasGradient sum to which the gradients are added, for each value of a row
   */
  void backward(
      NativeFloats values,
      int image,
      NativeFloats pooling,
      NativeFloats rowGradients,
      float[] signs,
      float[] intercepts,
      float[] slopes,
      float[] biasGradient) {
    for (int y = 0; y < CONVOLVED_ROWS; y++) {
      values.read(start(image, y), row, row.length);
      pooling.read(start(0, y), other, other.length);
      for (int i = 0; i < row.length; i++) {
        float value = row[i] * signs[i];
        float isPositive = Math.min(value * HUGE, 1f);
        row[i] = isPositive * (intercepts[i] + slopes[i] * value + other[i]);
        biasGradient[i] += row[i];
      }
      values.write(start(image, y), row, 0, row.length);
      int inputRow = y / STRIDE;
      int kernelRow = y % STRIDE;
      if (inputRow < ROWS) {
        rowGradients.write(kernelRowStart(inputRow, kernelRow), row, 0, row.length);
      }
      if (inputRow > 0 && kernelRow + STRIDE < KERNEL) {
        rowGradients.write(kernelRowStart(inputRow - 1, kernelRow + STRIDE), row, 0, row.length);
      }
    }
  }

  /** Adds both parts of a row of {@link TransposedConvolution#forward}. */
  private void readConvolved(NativeFloats values, int image, NativeFloats overlapping, int y) {
    int inputRow = y / STRIDE;
    int kernelRow = y % STRIDE;
    if (inputRow < ROWS) {
      values.read(start(image, y), row, row.length);
    } else {
      Arrays.fill(row, 0);
    }
    if (inputRow > 0 && kernelRow + STRIDE < KERNEL) {
      long offset = (long) (inputRow - 1) * shape.overlapSize() + (long) kernelRow * row.length;
      overlapping.read(offset, other, other.length);
      for (int i = 0; i < row.length; i++) {
        row[i] += other[i];
      }
    }
  }

  private long kernelRowStart(int inputRow, int kernelRow) {
    return ((long) inputRow * KERNEL + kernelRow) * row.length;
  }

  private long start(int image, int y) {
    return (long) image * shape.convolvedImageSize() + (long) y * row.length;
  }
}
