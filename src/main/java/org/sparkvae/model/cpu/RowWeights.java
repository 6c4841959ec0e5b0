package org.sparkvae.model.cpu;

import static org.sparkvae.model.cpu.DecoderBlockShape.KERNEL;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;

import java.util.Arrays;

/**
 * The weights of a transposed convolution as a matrix from an input row to output rows, {@code
 * [inColumns · inChannels, 8 · convolvedColumns · outChannels]}. It contains the five kernel rows
 * w0 to w4 and the sums w0 + w3, w1 + w4 and w2 + 0, which a {@link PairPart} needs. Each occurs
 * once per input column; other elements are 0.
 *
 * <p>For example, with two input columns and one channel, the part for a kernel row (a, b, c, d, e)
 * is
 *
 * <pre>{@code
 * a b c d e 0
 * 0 a b c d e
 * }</pre>
 */
final class RowWeights {
  private static final int CHUNK_SIZE = 16;

  private final DecoderBlockShape shape;
  private final NativeFloats matrix;

  RowWeights(DecoderBlockShape shape) {
    this.shape = shape;
    this.matrix = NativeFloats.zeros((long) shape.inRowSize() * stride());
  }

  /** Returns the number of floats in a row of the matrix. */
  int stride() {
    return (KERNEL + STRIDE) * shape.convolvedRowSize();
  }

  /** Returns the matrix's memory, in row-major order. */
  NativeFloats matrix() {
    return matrix;
  }

  /**
   * Fills the matrix with weights.
   *
   * @param weights {@code [inChannels, outChannels, 5, 5]}
   */
  void set(NativeFloats weights) {
    KernelThreadPool.parallelFor(
        shape.inChannels(),
        CHUNK_SIZE,
        (from, to) -> {
          float[] kernels = new float[shape.outChannels() * KERNEL * KERNEL];
          float[] row = new float[stride()];
          for (int channel = from; channel < to; channel++) {
            weights.read((long) channel * kernels.length, kernels, kernels.length);
            for (int column = 0; column < shape.inColumns(); column++) {
              Arrays.fill(row, 0);
              scatter(kernels, column, row);
              matrix.write(offset(column, channel), row, 0, row.length);
            }
          }
        });
  }

  /**
   * Computes the gradient of the weights. This object must contain the gradient of the matrix. The
   * gradient of a weight is the sum over its copies, one per input column.
   *
   * @param gradient receives the gradient, {@code [inChannels, outChannels, 5, 5]}
   */
  void gatherGradient(NativeFloats gradient) {
    KernelThreadPool.parallelFor(
        shape.inChannels(),
        CHUNK_SIZE,
        (from, to) -> {
          float[] kernels = new float[shape.outChannels() * KERNEL * KERNEL];
          float[] row = new float[stride()];
          for (int channel = from; channel < to; channel++) {
            Arrays.fill(kernels, 0);
            for (int column = 0; column < shape.inColumns(); column++) {
              matrix.read(offset(column, channel), row, row.length);
              gather(kernels, column, row);
            }
            gradient.write((long) channel * kernels.length, kernels, 0, kernels.length);
          }
        });
  }

  private long offset(int column, int channel) {
    return ((long) column * shape.inChannels() + channel) * stride();
  }

  private void scatter(float[] kernels, int column, float[] row) {
    for (int kernelRow = 0; kernelRow < KERNEL; kernelRow++) {
      for (int kernelColumn = 0; kernelColumn < kernelColumns(column); kernelColumn++) {
        int target = start(kernelRow, column + kernelColumn);
        int sum = start(KERNEL + kernelRow % STRIDE, column + kernelColumn);
        int source = kernelRow * KERNEL + kernelColumn;
        for (int out = 0; out < shape.outChannels(); out++) {
          row[target + out] = kernels[out * KERNEL * KERNEL + source];
          row[sum + out] += kernels[out * KERNEL * KERNEL + source];
        }
      }
    }
  }

  private void gather(float[] kernels, int column, float[] row) {
    for (int kernelRow = 0; kernelRow < KERNEL; kernelRow++) {
      for (int kernelColumn = 0; kernelColumn < kernelColumns(column); kernelColumn++) {
        int source = start(kernelRow, column + kernelColumn);
        int sum = start(KERNEL + kernelRow % STRIDE, column + kernelColumn);
        int target = kernelRow * KERNEL + kernelColumn;
        for (int out = 0; out < shape.outChannels(); out++) {
          kernels[out * KERNEL * KERNEL + target] += row[source + out] + row[sum + out];
        }
      }
    }
  }

  /** Returns the index in a row of the matrix at which a column of a kernel row starts. */
  private int start(int kernelRow, int column) {
    return (kernelRow * shape.convolvedColumns() + column) * shape.outChannels();
  }

  /**
   * Returns the number of kernel columns, at most 5, with which an input column contributes to the
   * computed columns.
   */
  private int kernelColumns(int column) {
    return Math.min(KERNEL, shape.convolvedColumns() - column);
  }
}
