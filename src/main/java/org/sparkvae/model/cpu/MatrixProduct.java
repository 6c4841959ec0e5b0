package org.sparkvae.model.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.lang.ref.Reference;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;

/** Products of matrices with fixed sizes, target = left · right, computed by oneDNN. */
final class MatrixProduct {
  private final memory.desc left;
  private final memory.desc right;
  private final memory.desc target;
  private final memory.desc scratchpad;
  private final matmul product;
  private final ObjectPool<Arguments> arguments = new ObjectPool<>(Arguments::new);

  /**
   * The positions of a matrix's elements in memory.
   *
   * @param rows number of rows
   * @param columns number of columns
   * @param rowStride number of floats between the starts of two rows
   * @param columnStride number of floats between the starts of two columns
   */
  record Layout(int rows, int columns, int rowStride, int columnStride) {
    /** Returns the layout of a row-major matrix, or of a block of one. */
    static Layout rowMajor(int rows, int columns, int stride) {
      return new Layout(rows, columns, stride, 1);
    }

    Layout transposed() {
      return new Layout(columns, rows, columnStride, rowStride);
    }

    private memory.desc descriptor() {
      return OneDnn.descriptor(new long[] {rows, columns}, rowStride, columnStride);
    }
  }

  private MatrixProduct(Layout left, memory.desc right, Layout target) {
    KernelThreadPool.useOneOpenMpThread();
    primitive_attr attributes = new primitive_attr();
    // Otherwise threads would share the memory for intermediate results.
    attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
    matmul.primitive_desc description =
        new matmul.primitive_desc(
            OneDnn.CPU, left.descriptor(), right, target.descriptor(), attributes, false);
    this.left = description.src_desc();
    this.right = description.weights_desc();
    this.target = description.dst_desc();
    this.scratchpad = description.scratchpad_desc();
    this.product = new matmul(description);
  }

  /** Returns products of two matrices. */
  static MatrixProduct of(Layout left, Layout right, Layout target) {
    return new MatrixProduct(left, right.descriptor(), target);
  }

  /**
   * Returns products with weights as the right matrix, in an order that oneDNN chooses. With
   * AVX-512, a product with few rows is then as fast as one with many.
   */
  static MatrixProduct withPackedWeights(Layout left, Layout target) {
    memory.desc anyLayout =
        new memory.desc(
            new long[] {left.columns, target.columns}, memory.data_type.f32, memory.format_tag.any);
    return new MatrixProduct(left, anyLayout, target);
  }

  /** Returns memory for {@link #pack}. */
  NativeFloats allocatePacked() {
    return NativeFloats.zeros(right.get_size() / Float.BYTES);
  }

  /** Writes weights, which start at an index of their memory, in the kernel's order. */
  void pack(NativeFloats weights, long offset, Layout layout, NativeFloats packed) {
    try {
      memory from = new memory(layout.descriptor(), OneDnn.CPU, weights.address(offset));
      memory to = new memory(right, OneDnn.CPU, packed.address(0));
      new reorder(from, to).execute(OneDnn.newStream(), from, to);
    } finally {
      Reference.reachabilityFence(weights);
      Reference.reachabilityFence(packed);
    }
  }

  /** Computes a product of matrices that start at the given indices of their memory. */
  void multiply(
      NativeFloats leftValues,
      long leftOffset,
      NativeFloats rightValues,
      long rightOffset,
      NativeFloats targetValues,
      long targetOffset) {
    arguments.use(
        call -> {
          try {
            call.left.set_data_handle(leftValues.address(leftOffset));
            call.right.set_data_handle(rightValues.address(rightOffset));
            call.target.set_data_handle(targetValues.address(targetOffset));
            product.execute(call.cpu, call.all);
          } finally {
            Reference.reachabilityFence(leftValues);
            Reference.reachabilityFence(rightValues);
            Reference.reachabilityFence(targetValues);
          }
        });
  }

  /** The arguments of a call. */
  private final class Arguments {
    private final memory left = OneDnn.argument(MatrixProduct.this.left);
    private final memory right = OneDnn.argument(MatrixProduct.this.right);
    private final memory target = OneDnn.argument(MatrixProduct.this.target);
    private final memory scratchpad = new memory(MatrixProduct.this.scratchpad, OneDnn.CPU);
    private final stream cpu = OneDnn.newStream();
    private final IntMemoryMap all = new IntMemoryMap();

    Arguments() {
      all.put(DNNL_ARG_SRC, left);
      all.put(DNNL_ARG_WEIGHTS, right);
      all.put(DNNL_ARG_DST, target);
      all.put(DNNL_ARG_SCRATCHPAD, scratchpad);
    }
  }
}
