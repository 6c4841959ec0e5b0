package org.sparkvae.model.cpu;

import static org.sparkvae.image.ImageShape.ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.KERNEL;
import static org.sparkvae.model.cpu.DecoderBlockShape.PADDED_ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;

import java.util.List;
import org.sparkvae.model.cpu.MatrixProduct.Layout;

/**
 * The transposed convolution of a decoder block, as products with {@link RowWeights}. Input row i
 * contributes to output rows 3i to 3i + 4. Output rows are contiguous in memory. The first three of
 * the five rows therefore form one matrix over all i without overlaps, and the other two form
 * another. No input is copied into columns (im2col).
 *
 * <p>The output and the gradient of the input are computed image by image, so that an image's
 * values stay in the processor's cache. Matrices are contiguous where they can be, because oneDNN
 * has no fast kernel for others.
 */
final class TransposedConvolution {
  /**
   * Number of products per kernel row that compute the gradient of the weights, if the row is even.
   * More products would each be slower.
   */
  private static final int GRADIENT_CHUNKS = 2;

  private final DecoderBlockShape shape;
  private final int capacity;
  private final RowWeights weights;
  private final RowWeights weightGradient;
  private final PackedProduct ownRows;
  private final PackedProduct overlap;
  private final PackedProduct backward;
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
    Layout input = contiguous(shape.inRowSize());
    this.ownRows = new PackedProduct(input, 0, STRIDE, false);
    this.overlap = new PackedProduct(input, STRIDE, KERNEL, false);
    this.backward = withGradients ? new PackedProduct(input, 0, KERNEL, true) : null;
    this.paddedInput =
        withGradients ? NativeFloats.zeros((long) images * PADDED_ROWS * shape.inRowSize()) : null;
    this.output = NativeFloats.zeros((long) images * shape.convolvedImageSize());
  }

  /** Products with the weights of a range of kernel rows, or with the transposed weights. */
  private final class PackedProduct {
    private final long offset;
    private final Layout layout;
    private final MatrixProduct product;
    private final NativeFloats packed;

    PackedProduct(Layout input, int from, int to, boolean transposed) {
      offset = (long) from * shape.convolvedRowSize();
      int columns = (to - from) * shape.convolvedRowSize();
      Layout rows = Layout.rowMajor(shape.inRowSize(), columns, weights.stride());
      layout = transposed ? rows.transposed() : rows;
      Layout output = contiguous(columns);
      product =
          transposed
              ? MatrixProduct.withPackedWeights(output, input)
              : MatrixProduct.withPackedWeights(input, output);
      packed = product.allocatePacked();
    }

    void pack() {
      product.pack(weights.matrix().at(offset), layout, packed);
    }

    void multiply(NativeFloats.Element left, NativeFloats.Element target) {
      product.multiply(left, packed.at(0), target);
    }
  }

  private static Layout contiguous(int columns) {
    return Layout.rowMajor(ROWS, columns, columns);
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
    List<PackedProduct> products =
        backward == null ? List.of(ownRows, overlap) : List.of(backward, ownRows, overlap);
    KernelThreadPool.parallelFor(products.size(), 1, (index, end) -> products.get(index).pack());
  }

  /**
   * Returns the output, {@code [minibatch, 87 rows, convolvedColumns, outChannels]}. The last row
   * of an image is always zero, because {@link #computeWeightGradient} multiplies it by padding.
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
    ownRows.multiply(source.at(input), output.at(target));
    overlap.multiply(source.at(input), overlapping.at(0));
    if (paddedInput != null) {
      paddedInput.copy(
          (long) image * PADDED_ROWS * shape.inRowSize(),
          source,
          input,
          (long) ROWS * shape.inRowSize());
    }
  }

  /**
   * Computes the gradient of the input for an image.
   *
   * @param rowGradients gradients of the five output rows to which each input row contributes,
   *     {@code [rows, 5, convolvedColumns, outChannels]}
   * @param target receives the gradient, {@code [minibatch, rows, inColumns, inChannels]}
   */
  void backward(NativeFloats rowGradients, NativeFloats target, int image) {
    backward.multiply(rowGradients.at(0), target.at((long) image * ROWS * shape.inRowSize()));
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
          gradientProduct.multiply(
              paddedInput.at(0), output.at(offset), weightGradient.matrix().at(offset));
        });
    weightGradient.gatherGradient(flat);
  }
}
