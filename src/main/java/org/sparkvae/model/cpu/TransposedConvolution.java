package org.sparkvae.model.cpu;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.sparkvae.config.Precision;
import org.sparkvae.model.cpu.MatrixProduct.Layout;

/**
 * The transposed convolution of a decoder block, as products with {@link RowWeights} for each
 * {@link PairPart}. No input is copied into columns (im2col).
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
  private final Precision precision;
  private final RowWeights weights;

  /**
   * The weights that are set. Null if there are gradients, because training changes the weights.
   */
  private final NativeFloats flatWeights;

  private final RowWeights weightGradient;
  private final Map<PairPart, PackedProduct> forward = new EnumMap<>(PairPart.class);
  private final Map<PairPart, PackedProduct> backward = new EnumMap<>(PairPart.class);
  private final PairFactors factors;
  private final PairFactors gradients;
  private List<GradientProduct> gradientProducts = List.of();
  private int gradientImages;

  /**
   * Allocates the memory for a minibatch.
   *
   * @param shape sizes of the decoder block
   * @param images maximal number of images
   * @param withGradients whether {@link #backward} and {@link #computeWeightGradient} can be called
   * @param precision precision of the factors in the products
   */
  TransposedConvolution(
      DecoderBlockShape shape, int images, boolean withGradients, Precision precision) {
    this.shape = shape;
    this.capacity = images;
    this.precision = precision;
    this.weights = new RowWeights(shape);
    this.flatWeights = withGradients ? null : NativeFloats.zeros(shape.weightCount());
    this.weightGradient = withGradients ? new RowWeights(shape) : null;
    this.factors = withGradients ? newFactors(images) : null;
    this.gradients = withGradients ? new PairFactors(images, this::columns, precision) : null;
    for (PairPart part : PairPart.values()) {
      forward.put(part, new PackedProduct(part, false));
      if (withGradients) {
        backward.put(part, new PackedProduct(part, true));
      }
    }
  }

  private PairFactors newFactors(int images) {
    return new PairFactors(images, part -> shape.inRowSize(), precision);
  }

  /** Returns new memory for one thread. */
  Scratch newScratch() {
    return new Scratch();
  }

  /** Memory for one image. One thread at a time can use it. */
  final class Scratch {
    private final PairTransform transform = new PairTransform(shape);
    private final PairMatrices inputs = new PairMatrices(part -> shape.inRowSize());
    private final PairMatrices outputs = new PairMatrices(TransposedConvolution.this::columns);

    /** The factors of the image, unless the gradients need those of all images. */
    private final PairFactors imageFactors = factors == null ? newFactors(1) : null;

    private Scratch() {}

    /**
     * Returns the parts of the output or of its gradient, {@code [pairs, kernelRows,
     * convolvedColumns, outChannels]}.
     */
    PairMatrices outputs() {
      return outputs;
    }
  }

  /** The products of a part's factors with its weights, or with the transposed weights. */
  private final class PackedProduct {
    private final long offset;
    private final OneDnnOperation packing;
    private final MatrixProduct product;
    private final NativeFloats packed;

    PackedProduct(PairPart part, boolean transposed) {
      offset = (long) part.firstKernelRow() * shape.convolvedRowSize();
      Layout rows = Layout.rowMajor(shape.inRowSize(), columns(part), weights.stride());
      Layout input = contiguous(part.pairs(), shape.inRowSize());
      Layout output = contiguous(part.pairs(), columns(part));
      product =
          transposed
              ? MatrixProduct.withPackedWeights(output, input, precision)
              : MatrixProduct.withPackedWeights(input, output, precision);
      packing = product.packing(transposed ? rows.transposed() : rows);
      packed = product.allocatePacked();
    }

    void pack() {
      packing.run(weights.matrix().at(offset), packed.at(0));
    }

    void multiply(Element left, Element target) {
      product.multiply(left, packed.at(0), target);
    }
  }

  /** A product that computes a block of the gradient of the weights. */
  private final class GradientProduct {
    private final PairPart part;
    private final int column;
    private final MatrixProduct product;

    GradientProduct(PairPart part, int column, MatrixProduct product) {
      this.part = part;
      this.column = column;
      this.product = product;
    }

    void run() {
      product.multiply(
          factors.at(part, 0, 0),
          gradients.at(part, 0, column),
          weightGradient
              .matrix()
              .at((long) part.firstKernelRow() * shape.convolvedRowSize() + column));
    }
  }

  private int columns(PairPart part) {
    return part.kernelRows() * shape.convolvedRowSize();
  }

  private static Layout contiguous(int rows, int columns) {
    return Layout.rowMajor(rows, columns, columns);
  }

  /** Returns the maximal number of images. */
  int capacity() {
    return capacity;
  }

  /**
   * Sets the weights. Without gradients, does nothing if they are the same as before.
   *
   * @param flat {@code [inChannels, outChannels, 5, 5]}
   */
  void setWeights(NativeFloats flat) {
    if (flatWeights != null) {
      if (flatWeights.hasSameValues(flat)) {
        return;
      }
      flatWeights.copy(0, flat, 0, shape.weightCount());
    }
    weights.set(flat);
    List<PackedProduct> products = new ArrayList<>(forward.values());
    products.addAll(backward.values());
    KernelThreadPool.parallelFor(products.size(), 1, (index, end) -> products.get(index).pack());
  }

  /**
   * Computes the {@linkplain Scratch#outputs parts} of the output of an image, without bias.
   *
   * @param source input, {@code [minibatch, rows, inColumns, inChannels]}
   */
  void forward(NativeFloats source, int image, Scratch scratch) {
    scratch.transform.split(source, image, scratch.inputs);
    PairFactors target = factors == null ? scratch.imageFactors : factors;
    int index = factors == null ? 0 : image;
    target.store(scratch.inputs, index);
    forward.forEach(
        (part, product) ->
            product.multiply(target.at(part, index, 0), scratch.outputs.start(part)));
  }

  /**
   * Computes the gradient of the input for an image from the gradient of its output.
   *
   * @param target receives the gradient, {@code [minibatch, rows, inColumns, inChannels]}
   */
  void backward(NativeFloats target, int image, Scratch scratch) {
    gradients.store(scratch.outputs, image);
    backward.forEach(
        (part, product) ->
            product.multiply(gradients.at(part, image, 0), scratch.inputs.start(part)));
    scratch.transform.mergeGradients(scratch.inputs, target, image);
  }

  /**
   * Computes the gradient of the weights for the last input, after {@link #backward} of each image.
   *
   * @param flat receives the gradient, {@code [inChannels, outChannels, 5, 5]}
   * @param minibatch number of images
   */
  void computeWeightGradient(NativeFloats flat, int minibatch) {
    if (gradientImages != minibatch) {
      gradientProducts = gradientProducts(minibatch * PairPart.PAIRS);
      gradientImages = minibatch;
    }
    KernelThreadPool.parallelFor(
        gradientProducts.size(), 1, (index, end) -> gradientProducts.get(index).run());
    weightGradient.gatherGradient(flat);
  }

  private List<GradientProduct> gradientProducts(int pairs) {
    int chunks = shape.convolvedRowSize() % GRADIENT_CHUNKS == 0 ? GRADIENT_CHUNKS : 1;
    int chunkColumns = shape.convolvedRowSize() / chunks;
    List<GradientProduct> products = new ArrayList<>();
    for (PairPart part : PairPart.values()) {
      MatrixProduct product =
          MatrixProduct.of(
              contiguous(pairs, shape.inRowSize()).transposed(),
              Layout.rowMajor(pairs, chunkColumns, columns(part)),
              Layout.rowMajor(shape.inRowSize(), chunkColumns, weightGradient.stride()),
              precision);
      for (int column = 0; column < columns(part); column += chunkColumns) {
        products.add(new GradientProduct(part, column, product));
      }
    }
    return products;
  }
}
