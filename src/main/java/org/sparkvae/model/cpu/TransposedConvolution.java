package org.sparkvae.model.cpu;

import static org.sparkvae.image.ImageShape.ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.KERNEL;
import static org.sparkvae.model.cpu.DecoderBlockShape.PADDED_ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;

import org.sparkvae.model.cpu.MatrixProduct.Layout;

/**
 * The transposed convolution of a decoder block, as products with {@link RowWeights}. Input row i
 * contributes to output rows 3i to 3i + 4. Output rows are contiguous in memory. The first three of
 * the five rows therefore form one matrix over all i without overlaps, and the other two form
 * another. No input is copied into columns (im2col).
 *
 * <p>The products are those of one image, so that its output stays in the processor's cache.
 */
final class TransposedConvolution {
  /** Number of products per kernel row that compute the gradient of the weights. */
  private static final int GRADIENT_CHUNKS = 2;

  private final DecoderBlockShape shape;
  private final int capacity;
  private final RowWeights weights;
  private final RowWeights weightGradient;
  private final KernelRows ownRows;
  private final KernelRows overlap;
  private final NativeFloats paddedInput;
  private final NativeFloats output;
  private MatrixProduct gradientProduct;
  private int gradientImages;

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
    int stride = STRIDE * shape.convolvedRowSize();
    this.ownRows = new KernelRows(0, STRIDE, stride, stride, withGradients);
    this.overlap = new KernelRows(STRIDE, KERNEL, shape.overlapSize(), stride, withGradients);
    this.paddedInput =
        NativeFloats.zeros(withGradients ? (long) images * PADDED_ROWS * shape.inRowSize() : 0);
    this.output = NativeFloats.zeros((long) images * shape.convolvedImageSize());
  }

  /** The products with a range of kernel rows. */
  private final class KernelRows {
    private final long offset;
    private final Layout weightLayout;
    private final MatrixProduct forward;
    private final NativeFloats forwardWeights;
    private final MatrixProduct backward;
    private final NativeFloats backwardWeights;

    KernelRows(int from, int to, int outStride, int gradientStride, boolean withGradients) {
      int in = shape.inRowSize();
      int out = (to - from) * shape.convolvedRowSize();
      offset = (long) from * shape.convolvedRowSize();
      weightLayout = Layout.rowMajor(in, out, weights.stride());
      Layout input = Layout.rowMajor(ROWS, in, in);
      forward = MatrixProduct.withPackedWeights(input, Layout.rowMajor(ROWS, out, outStride));
      forwardWeights = forward.allocatePacked();
      backward =
          withGradients
              ? MatrixProduct.withPackedWeights(Layout.rowMajor(ROWS, out, gradientStride), input)
              : null;
      backwardWeights = withGradients ? backward.allocatePacked() : null;
    }

    void pack() {
      forward.pack(weights.matrix(), offset, weightLayout, forwardWeights);
      if (backward != null) {
        backward.pack(weights.matrix(), offset, weightLayout.transposed(), backwardWeights);
      }
    }
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
    KernelRows[] parts = {ownRows, overlap};
    KernelThreadPool.parallelFor(parts.length, 1, (part, end) -> parts[part].pack());
  }

  /**
   * Returns the output, {@code [minibatch, 87 rows, convolvedColumns, outChannels]}. The last row
   * of an image is not part of it.
   */
  NativeFloats output() {
    return output;
  }

  /**
   * Computes the output of an image, without bias, as two parts. The first part is in {@link
   * #output}, in all rows but the last two. The sum of both parts is the output.
   *
   * @param source input, {@code [minibatch, rows, inColumns, inChannels]}
   * @param overlapping receives the second part: for each input row i, what it contributes to
   *     output rows 3i + 3 and 3i + 4, {@code [rows, 2, convolvedColumns, outChannels]}
   */
  void forward(NativeFloats source, int image, NativeFloats overlapping) {
    long input = (long) image * ROWS * shape.inRowSize();
    long target = (long) image * shape.convolvedImageSize();
    ownRows.forward.multiply(source, input, ownRows.forwardWeights, 0, output, target);
    overlap.forward.multiply(source, input, overlap.forwardWeights, 0, overlapping, 0);
    if (weightGradient != null) {
      paddedInput.copy(
          (long) image * PADDED_ROWS * shape.inRowSize(),
          source,
          input,
          (long) ROWS * shape.inRowSize());
    }
  }

  /**
   * Computes the gradient of the input for an image. {@link #output} must contain the gradient of
   * the output.
   *
   * @param target receives the gradient, {@code [minibatch, rows, inColumns, inChannels]}
   * @param part memory for a part of the gradient, {@code [rows, inColumns, inChannels]}
   */
  void backward(NativeFloats target, int image, NativeFloats part) {
    int floats = ROWS * shape.inRowSize();
    long source = (long) image * shape.convolvedImageSize();
    ownRows.backward.multiply(
        output, source, ownRows.backwardWeights, 0, target, (long) image * floats);
    overlap.backward.multiply(output, source + overlap.offset, overlap.backwardWeights, 0, part, 0);
    float[] sum = new float[floats];
    float[] other = new float[floats];
    target.read((long) image * floats, sum, floats);
    part.read(0, other, floats);
    for (int i = 0; i < floats; i++) {
      sum[i] += other[i];
    }
    target.write((long) image * floats, sum, 0, floats);
  }

  /**
   * Computes the gradient of the weights for the last input. {@link #output} must contain the
   * gradient of the output.
   *
   * @param flat receives the gradient, {@code [inChannels, outChannels, 5, 5]}
   * @param minibatch number of images
   */
  void computeWeightGradient(NativeFloats flat, int minibatch) {
    int chunks =
        shape.convolvedRowSize() % GRADIENT_CHUNKS == 0 ? KERNEL * GRADIENT_CHUNKS : KERNEL;
    int columns = KERNEL * shape.convolvedRowSize() / chunks;
    if (gradientImages != minibatch) {
      int rows = minibatch * PADDED_ROWS - 1;
      gradientProduct =
          MatrixProduct.of(
              Layout.rowMajor(rows, shape.inRowSize(), shape.inRowSize()).transposed(),
              Layout.rowMajor(rows, columns, STRIDE * shape.convolvedRowSize()),
              Layout.rowMajor(shape.inRowSize(), columns, weightGradient.stride()));
      gradientImages = minibatch;
    }
    KernelThreadPool.parallelFor(
        chunks,
        1,
        (chunk, end) -> {
          long offset = (long) chunk * columns;
          gradientProduct.multiply(paddedInput, 0, output, offset, weightGradient.matrix(), offset);
        });
    weightGradient.gatherGradient(flat);
  }
}
