package org.sparkvae.model.cpu;

import static org.sparkvae.model.cpu.DecoderBlockShape.KERNEL;

import java.util.Arrays;

/**
 * The convolution's weights as a matrix from an image row to the {@value DecoderBlockShape#KERNEL}
 * output rows it reaches, {@code [inColumns · inChannels, 5 · usedColumns · outChannels]}: each
 * input column's kernel where it falls, and zeros.
 */
final class RowWeights {
  private static final int CHANNELS_AT_A_TIME = 16;

  private final DecoderBlockShape shape;
  private final NativeFloats matrix;

  RowWeights(DecoderBlockShape shape) {
    this.shape = shape;
    this.matrix = NativeFloats.ofZeros((long) shape.in() * stride());
  }

  /** Floats of the matrix's rows. */
  int stride() {
    return KERNEL * shape.wide();
  }

  /** From one of the 5 output rows on. */
  Blas.Matrix from(int tap) {
    return fromColumn(tap * shape.wide());
  }

  Blas.Matrix fromColumn(int column) {
    return new Blas.Matrix(matrix, column, stride());
  }

  /**
   * Lays out weights.
   *
   * @param weights {@code [inChannels, outChannels, 5, 5]}
   */
  void layOut(NativeFloats weights) {
    KernelThreadPool.share(
        shape.inChannels(),
        CHANNELS_AT_A_TIME,
        (from, to) -> {
          float[] kernels = new float[shape.outChannels() * KERNEL * KERNEL];
          float[] row = new float[stride()];
          for (int channel = from; channel < to; channel++) {
            weights.read((long) channel * kernels.length, kernels, kernels.length);
            for (int column = 0; column < shape.inColumns(); column++) {
              Arrays.fill(row, 0);
              place(kernels, column, row);
              matrix.write(offset(column, channel), row, 0, row.length);
            }
          }
        });
  }

  /**
   * Reads the weights' gradient off this matrix's.
   *
   * @param gradient {@code [inChannels, outChannels, 5, 5]}
   */
  void gather(NativeFloats gradient) {
    KernelThreadPool.share(
        shape.inChannels(),
        CHANNELS_AT_A_TIME,
        (from, to) -> {
          float[] kernels = new float[shape.outChannels() * KERNEL * KERNEL];
          float[] row = new float[stride()];
          for (int channel = from; channel < to; channel++) {
            Arrays.fill(kernels, 0);
            for (int column = 0; column < shape.inColumns(); column++) {
              matrix.read(offset(column, channel), row, row.length);
              addTo(kernels, column, row);
            }
            gradient.write((long) channel * kernels.length, kernels, 0, kernels.length);
          }
        });
  }

  private long offset(int column, int channel) {
    return ((long) column * shape.inChannels() + channel) * stride();
  }

  private void place(float[] kernels, int column, float[] row) {
    for (int tap = 0; tap < KERNEL; tap++) {
      for (int shift = 0; shift < taps(column); shift++) {
        int target = (tap * shape.usedColumns() + column + shift) * shape.outChannels();
        int source = tap * KERNEL + shift;
        for (int out = 0; out < shape.outChannels(); out++) {
          row[target + out] = kernels[out * KERNEL * KERNEL + source];
        }
      }
    }
  }

  private void addTo(float[] kernels, int column, float[] row) {
    for (int tap = 0; tap < KERNEL; tap++) {
      for (int shift = 0; shift < taps(column); shift++) {
        int source = (tap * shape.usedColumns() + column + shift) * shape.outChannels();
        int target = tap * KERNEL + shift;
        for (int out = 0; out < shape.outChannels(); out++) {
          kernels[out * KERNEL * KERNEL + target] += row[source + out];
        }
      }
    }
  }

  /** How many of a column's 5 kernel columns fall on a column that is computed. */
  private int taps(int column) {
    return Math.min(KERNEL, shape.usedColumns() - column);
  }
}
