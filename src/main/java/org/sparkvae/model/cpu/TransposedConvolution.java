package org.sparkvae.model.cpu;

import static org.sparkvae.model.cpu.DecoderBlockShape.KERNEL;
import static org.sparkvae.model.cpu.DecoderBlockShape.PADDED_ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;

/**
 * The transposed convolution as products with {@link RowWeights}. Input row i reaches output rows
 * 3i to 3i + 4; rows of the output lie one behind the other, so the first three of these and the
 * other two are each one matrix in memory, no row of which overlaps the next. No columns are
 * unrolled and nothing is added up outside BLAS.
 */
final class TransposedConvolution {
  /** Products that the weights' gradient is taken in, side by side. */
  private static final int GRADIENT_PARTS = 6;

  private final DecoderBlockShape shape;
  private final int capacity;
  private final RowWeights weights;
  private final RowWeights weightGradient;
  private final NativeFloats in;
  private final NativeFloats inGradient;
  private final NativeFloats wide;

  /**
   * Takes memory for a minibatch.
   *
   * @param images it may have
   * @param withGradients whether {@link #backward} and {@link #weightGradient} will be asked for
   */
  TransposedConvolution(DecoderBlockShape shape, int images, boolean withGradients) {
    this.shape = shape;
    this.capacity = images;
    this.weights = new RowWeights(shape);
    this.weightGradient = withGradients ? new RowWeights(shape) : null;
    this.in = NativeFloats.ofZeros((long) images * PADDED_ROWS * shape.in());
    this.inGradient =
        withGradients ? NativeFloats.ofZeros((long) images * PADDED_ROWS * shape.in()) : null;
    this.wide = NativeFloats.ofZeros((long) images * shape.wideImage());
  }

  /** Images that there is memory for. */
  int capacity() {
    return capacity;
  }

  void layOutWeights(NativeFloats flat) {
    weights.layOut(flat);
  }

  /**
   * The output, {@code [minibatch, 87 rows, usedColumns, outChannels]}; the last row stays zero.
   */
  NativeFloats wide() {
    return wide;
  }

  /**
   * Computes some images' output, without bias.
   *
   * @param source {@code [minibatch, 28, inColumns, inChannels]}
   */
  void forward(NativeFloats source, int from, int to) {
    for (int image = from; image < to; image++) {
      int floats = ROWS * shape.in();
      in.copy(inOffset(image), source, (long) image * floats, floats);
    }
    int rows = (to - from) * PADDED_ROWS;
    for (int tap = 0; tap < KERNEL; tap += STRIDE) {
      int columns = Math.min(STRIDE, KERNEL - tap) * shape.wide();
      // The last image's row of zeros would reach beyond it.
      Blas.multiply(
          inRows(from),
          weights.from(tap),
          wideRows(from, tap),
          tap == 0 ? rows : rows - 1,
          shape.in(),
          columns,
          tap == 0 ? 0 : 1);
    }
  }

  /**
   * From the output's gradient, in {@link #wide}, to the input's.
   *
   * @param target {@code [minibatch, 28, inColumns, inChannels]}
   */
  void backward(NativeFloats target, int from, int to) {
    int rows = (to - from) * PADDED_ROWS - 1;
    for (int tap = 0; tap < KERNEL; tap += STRIDE) {
      int columns = Math.min(STRIDE, KERNEL - tap) * shape.wide();
      Blas.multiplyByTransposed(
          wideRows(from, tap),
          weights.from(tap),
          new Blas.Matrix(inGradient, inOffset(from), shape.in()),
          rows,
          columns,
          shape.in(),
          tap == 0 ? 0 : 1);
    }
    int floats = ROWS * shape.in();
    for (int image = from; image < to; image++) {
      target.copy((long) image * floats, inGradient, inOffset(image), floats);
    }
  }

  /**
   * From the output's gradient, in {@link #wide}, and the input last seen to the weights'.
   *
   * @param flat {@code [inChannels, outChannels, 5, 5]}
   */
  void weightGradient(NativeFloats flat, int minibatch) {
    int rows = minibatch * PADDED_ROWS - 1;
    KernelThreadPool.share(
        weights.stride(),
        (weights.stride() + GRADIENT_PARTS - 1) / GRADIENT_PARTS,
        (from, to) -> {
          int middle = STRIDE * shape.wide();
          transposedMultiply(rows, from, Math.min(to, middle));
          transposedMultiply(rows, Math.max(from, middle), to);
        });
    weightGradient.gather(flat);
  }

  private void transposedMultiply(int rows, int from, int to) {
    if (from < to) {
      Blas.transposedMultiply(
          inRows(0),
          new Blas.Matrix(wide, from, STRIDE * shape.wide()),
          weightGradient.fromColumn(from),
          shape.in(),
          rows,
          to - from);
    }
  }

  private long inOffset(int image) {
    return (long) image * PADDED_ROWS * shape.in();
  }

  private Blas.Matrix inRows(int image) {
    return new Blas.Matrix(in, inOffset(image), shape.in());
  }

  private Blas.Matrix wideRows(int image, int tap) {
    long offset = (long) image * shape.wideImage() + (long) tap * shape.wide();
    return new Blas.Matrix(wide, offset, STRIDE * shape.wide());
  }
}
