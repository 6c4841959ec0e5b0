package org.sparkvae.model.cpu;

import static org.sparkvae.image.ImageShape.ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.KERNEL;
import static org.sparkvae.model.cpu.DecoderBlockShape.PADDED_ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;

/**
 * The transposed convolution of a decoder block, as products with {@link RowWeights}. Input row i
 * contributes to output rows 3i to 3i + 4. Output rows are contiguous in memory. The first three of
 * the five rows therefore form one matrix over all i without overlaps, and the other two form
 * another. No input is copied into columns (im2col), and BLAS computes all sums.
 */
final class TransposedConvolution {
  /** Number of parallel products that compute the gradient of the weights. */
  private static final int GRADIENT_CHUNKS = 6;

  private final DecoderBlockShape shape;
  private final int capacity;
  private final RowWeights weights;
  private final RowWeights weightGradient;
  private final NativeFloats paddedInput;
  private final NativeFloats paddedInputGradient;
  private final NativeFloats output;

  /**
   * Allocates the memory for a minibatch.
   *
   * @param shape sizes of the decoder block
   * @param images maximal number of images
   * @param withGradients whether {@link #backward} and {@link #computeWeightGradient} can be called
   */
  TransposedConvolution(DecoderBlockShape shape, int images, boolean withGradients) {
    this.shape = shape;
    this.capacity = images;
    this.weights = new RowWeights(shape);
    this.weightGradient = withGradients ? new RowWeights(shape) : null;
    this.paddedInput = NativeFloats.zeros((long) images * PADDED_ROWS * shape.inRowSize());
    this.paddedInputGradient =
        withGradients ? NativeFloats.zeros((long) images * PADDED_ROWS * shape.inRowSize()) : null;
    this.output = NativeFloats.zeros((long) images * shape.convolvedImageSize());
  }

  /** Returns the maximal number of images. */
  int capacity() {
    return capacity;
  }

  /**
   * Sets the weights.
   *
   * @param flat {@code [inChannels, outChannels, 5, 5]}
   */
  void setWeights(NativeFloats flat) {
    weights.set(flat);
  }

  /**
   * Returns the output, {@code [minibatch, 87 rows, convolvedColumns, outChannels]}. The last row
   * of an image is always zero.
   */
  NativeFloats output() {
    return output;
  }

  /**
   * Computes the output of the images in the range [from, to), without bias.
   *
   * @param source input, {@code [minibatch, rows, inColumns, inChannels]}
   */
  void forward(NativeFloats source, int from, int to) {
    for (int image = from; image < to; image++) {
      int floats = ROWS * shape.inRowSize();
      paddedInput.copy(inputOffset(image), source, (long) image * floats, floats);
    }
    int rows = (to - from) * PADDED_ROWS;
    for (int kernelRow = 0; kernelRow < KERNEL; kernelRow += STRIDE) {
      int columns = Math.min(STRIDE, KERNEL - kernelRow) * shape.convolvedRowSize();
      // The last image's padding row would contribute to rows beyond the output.
      Blas.multiply(
          inputRows(from),
          weights.fromKernelRow(kernelRow),
          outputRows(from, kernelRow),
          kernelRow == 0 ? rows : rows - 1,
          shape.inRowSize(),
          columns,
          kernelRow == 0 ? 0 : 1);
    }
  }

  /**
   * Computes the gradient of the input for the images in the range [from, to). {@link #output} must
   * contain the gradient of the output.
   *
   * @param target receives the gradient, {@code [minibatch, rows, inColumns, inChannels]}
   */
  void backward(NativeFloats target, int from, int to) {
    int rows = (to - from) * PADDED_ROWS - 1;
    for (int kernelRow = 0; kernelRow < KERNEL; kernelRow += STRIDE) {
      int columns = Math.min(STRIDE, KERNEL - kernelRow) * shape.convolvedRowSize();
      Blas.multiplyByTransposed(
          outputRows(from, kernelRow),
          weights.fromKernelRow(kernelRow),
          new Blas.Matrix(paddedInputGradient, inputOffset(from), shape.inRowSize()),
          rows,
          columns,
          shape.inRowSize(),
          kernelRow == 0 ? 0 : 1);
    }
    int floats = ROWS * shape.inRowSize();
    for (int image = from; image < to; image++) {
      target.copy((long) image * floats, paddedInputGradient, inputOffset(image), floats);
    }
  }

  /**
   * Computes the gradient of the weights for the last input. {@link #output} must contain the
   * gradient of the output.
   *
   * @param flat receives the gradient, {@code [inChannels, outChannels, 5, 5]}
   * @param minibatch number of images
   */
  void computeWeightGradient(NativeFloats flat, int minibatch) {
    int rows = minibatch * PADDED_ROWS - 1;
    KernelThreadPool.parallelFor(
        weights.stride(),
        (weights.stride() + GRADIENT_CHUNKS - 1) / GRADIENT_CHUNKS,
        (from, to) -> {
          int middle = STRIDE * shape.convolvedRowSize();
          transposedMultiply(rows, from, Math.min(to, middle));
          transposedMultiply(rows, Math.max(from, middle), to);
        });
    weightGradient.gatherGradient(flat);
  }

  private void transposedMultiply(int rows, int from, int to) {
    if (from < to) {
      Blas.transposedMultiply(
          inputRows(0),
          new Blas.Matrix(output, from, STRIDE * shape.convolvedRowSize()),
          weightGradient.fromMatrixColumn(from),
          shape.inRowSize(),
          rows,
          to - from);
    }
  }

  private long inputOffset(int image) {
    return (long) image * PADDED_ROWS * shape.inRowSize();
  }

  private Blas.Matrix inputRows(int image) {
    return new Blas.Matrix(paddedInput, inputOffset(image), shape.inRowSize());
  }

  private Blas.Matrix outputRows(int image, int kernelRow) {
    long offset =
        (long) image * shape.convolvedImageSize() + (long) kernelRow * shape.convolvedRowSize();
    return new Blas.Matrix(output, offset, STRIDE * shape.convolvedRowSize());
  }
}
