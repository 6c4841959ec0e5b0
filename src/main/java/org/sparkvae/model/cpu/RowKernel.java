package org.sparkvae.model.cpu;

import static org.sparkvae.model.cpu.DecoderBlockShape.CONVOLVED_ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;
import static org.sparkvae.model.cpu.PairPart.LOWER;
import static org.sparkvae.model.cpu.PairPart.SHARED;
import static org.sparkvae.model.cpu.PairPart.UPPER;

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
   * @param convolved the parts of the convolution's output for one image
   * @param bias bias for each value of a row
   * @param signs s for each value of a row
   * @param target receives the values, {@code [minibatch, 86 rows, convolvedColumns, outChannels]}
   * @param image number of the image
   */
  void rectify(
      PairMatrices convolved, float[] bias, float[] signs, NativeFloats target, int image) {
    for (int y = 0; y < CONVOLVED_ROWS; y++) {
      readConvolved(convolved, y);
      for (int i = 0; i < row.length; i++) {
        row[i] = signs[i] * Math.max(row[i] + bias[i], 0f);
      }
      target.write(start(image, y), row, 0, row.length);
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
      PairMatrices convolved,
      float[] bias,
      float[] signs,
      float[] center,
      float[] sum,
      float[] square,
      NativeFloats target,
      int image) {
    for (int y = 0; y < CONVOLVED_ROWS; y++) {
      readConvolved(convolved, y);
      for (int i = 0; i < row.length; i++) {
        row[i] = Math.max(row[i] + bias[i], 0f);
      }
      for (int i = 0; i < row.length; i++) {
        float distance = row[i] - center[i];
        sum[i] += distance;
        square[i] += distance * distance;
        row[i] *= signs[i];
      }
      target.write(start(image, y), row, 0, row.length);
    }
  }

  /**
   * Computes the gradients of the convolution's output. They are 0 if ReLU gave 0. Otherwise, each
   * is the gradient that reaches the value through the pooling, plus that through batch norm's
   * statistics. The latter is a linear function of the value.
   *
   * @param values the values of {@link #rectifyAndSum}
   * @param image number of the image
   * @param pooling gradients through the pooling, {@code [86 rows, convolvedColumns, outChannels]}
   * @param signs s for each value of a row
   * @param intercepts {@link BatchNorm.StatisticsGradient} for each value of a row
   * @param slopes {@link BatchNorm.StatisticsGradient} for each value of a row
   * @param biasGradient sum to which the gradients are added, for each value of a row
   * @param target receives the gradients of the parts
   */
  void backward(
      NativeFloats values,
      int image,
      NativeFloats pooling,
      float[] signs,
      float[] intercepts,
      float[] slopes,
      float[] biasGradient,
      PairMatrices target) {
    for (int y = 0; y < CONVOLVED_ROWS; y++) {
      values.read(start(image, y), row, row.length);
      pooling.read(start(0, y), other, other.length);
      for (int i = 0; i < row.length; i++) {
        float value = row[i] * signs[i];
        float isPositive = Math.min(value * HUGE, 1f);
        row[i] = isPositive * (intercepts[i] + slopes[i] * value + other[i]);
        biasGradient[i] += row[i];
      }
      writeGradient(target, y);
    }
  }

  /** Adds the parts of a row of the convolution's output. */
  private void readConvolved(PairMatrices convolved, int y) {
    int kernelRow = y % STRIDE;
    convolved.read(SHARED, pair(y), kernelRow, row);
    PairPart part = part(y);
    if (kernelRow < part.kernelRows()) {
      convolved.read(part, pair(y), kernelRow, other);
      for (int i = 0; i < row.length; i++) {
        row[i] += other[i];
      }
    }
  }

  /** Adds the gradient of a row of the convolution's output to the gradients of its parts. */
  private void writeGradient(PairMatrices gradients, int y) {
    int kernelRow = y % STRIDE;
    PairPart part = part(y);
    if (kernelRow < part.kernelRows()) {
      gradients.write(part, pair(y), kernelRow, row);
    }
    if (part == LOWER) {
      // The upper row has been written before.
      gradients.read(SHARED, pair(y), kernelRow, other);
      for (int i = 0; i < row.length; i++) {
        row[i] += other[i];
      }
    }
    // The forward pass never writes the row of the last pair, which must remain 0.
    if (pair(y) < SHARED.pairs()) {
      gradients.write(SHARED, pair(y), kernelRow, row);
    }
  }

  private static int pair(int y) {
    return y / (2 * STRIDE);
  }

  private static PairPart part(int y) {
    return y / STRIDE % 2 == 0 ? UPPER : LOWER;
  }

  private long start(int image, int y) {
    return (long) image * shape.convolvedImageSize() + (long) y * row.length;
  }
}
