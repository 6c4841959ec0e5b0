package org.sparkvae.model.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.sparkvae.config.Precision;
import org.sparkvae.model.cpu.OneDnnOperation.Parameter;

/**
 * Products of matrices with fixed sizes, target = left · right, computed by oneDNN. The target and
 * the sums have single precision.
 */
final class MatrixProduct {
  private final memory.desc right;
  private final OneDnnOperation product;

  /**
   * The positions of a matrix's elements in memory.
   *
   * @param rows number of rows
   * @param columns number of columns
   * @param rowStride number of elements between the starts of two rows
   * @param columnStride number of elements between the starts of two columns
   */
  record Layout(int rows, int columns, int rowStride, int columnStride) {
    /** Returns the layout of a row-major matrix, or of a block of one. */
    static Layout rowMajor(int rows, int columns, int stride) {
      return new Layout(rows, columns, stride, 1);
    }

    Layout transposed() {
      return new Layout(columns, rows, columnStride, rowStride);
    }

    memory.desc descriptor(Precision precision) {
      return new memory.desc(
          new long[] {rows, columns},
          OneDnn.dataType(precision),
          new long[] {rowStride, columnStride});
    }
  }

  private MatrixProduct(Layout left, memory.desc right, Layout target, Precision precision) {
    KernelThreadPool.useOneOpenMpThread();
    matmul.primitive_desc description =
        new matmul.primitive_desc(
            OneDnn.CPU,
            left.descriptor(precision),
            right,
            target.descriptor(Precision.FLOAT32),
            OneDnn.attributes(),
            false);
    this.right = description.weights_desc();
    this.product =
        new OneDnnOperation(
            new matmul(description),
            description.scratchpad_desc(),
            new Parameter(DNNL_ARG_SRC, description.src_desc()),
            new Parameter(DNNL_ARG_WEIGHTS, this.right),
            new Parameter(DNNL_ARG_DST, description.dst_desc()));
  }

  /** Returns products of two matrices of the given precision. */
  static MatrixProduct of(Layout left, Layout right, Layout target, Precision precision) {
    return new MatrixProduct(left, right.descriptor(precision), target, precision);
  }

  /**
   * Returns products with weights as the right matrix, in an order that oneDNN chooses. With
   * AVX-512, a product with few rows is then as fast as one with many.
   */
  static MatrixProduct withPackedWeights(Layout left, Layout target, Precision precision) {
    memory.desc anyLayout =
        new memory.desc(
            new long[] {left.columns, target.columns},
            OneDnn.dataType(precision),
            memory.format_tag.any);
    return new MatrixProduct(left, anyLayout, target, precision);
  }

  /** Returns memory for weights in the order that oneDNN chose. */
  NativeFloats allocatePacked() {
    return NativeFloats.zeros((right.get_size() + Float.BYTES - 1) / Float.BYTES);
  }

  /** Returns an operation that copies weights with a layout into the order that oneDNN chose. */
  OneDnnOperation packing(Layout layout) {
    return OneDnnOperation.reorder(layout.descriptor(Precision.FLOAT32), right);
  }

  /** Computes a product of matrices that start at the given elements. */
  void multiply(Element left, Element right, Element target) {
    product.run(left, right, target);
  }
}
