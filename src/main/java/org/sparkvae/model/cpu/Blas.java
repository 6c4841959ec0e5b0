package org.sparkvae.model.cpu;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;

/** Products of row-major matrices, computed by the OpenBLAS that Deeplearning4j includes. */
final class Blas {
  private Blas() {}

  /**
   * A row-major matrix, or a block of one, in native memory.
   *
   * @param memory memory that contains the matrix
   * @param offset index of the first element
   * @param stride number of floats between the starts of two consecutive rows
   */
  record Matrix(NativeFloats memory, long offset, int stride) {
    private FloatPointer address() {
      return memory.address(offset);
    }
  }

  /**
   * Computes target = a·b + beta·target, with a {@code [rows, inner]} and b {@code [inner,
   * columns]}.
   */
  static void multiply(
      Matrix a, Matrix b, Matrix target, int rows, int inner, int columns, float beta) {
    sgemm(CblasNoTrans, CblasNoTrans, a, b, target, rows, inner, columns, beta);
  }

  /**
   * Computes target = a·bᵀ + beta·target, with a {@code [rows, inner]} and b {@code [columns,
   * inner]}.
   */
  static void multiplyByTransposed(
      Matrix a, Matrix b, Matrix target, int rows, int inner, int columns, float beta) {
    sgemm(CblasNoTrans, CblasTrans, a, b, target, rows, inner, columns, beta);
  }

  /** Computes target = aᵀ·b, with a {@code [inner, rows]} and b {@code [inner, columns]}. */
  static void transposedMultiply(
      Matrix a, Matrix b, Matrix target, int rows, int inner, int columns) {
    sgemm(CblasTrans, CblasNoTrans, a, b, target, rows, inner, columns, 0);
  }

  private static void sgemm(
      int transposeA,
      int transposeB,
      Matrix a,
      Matrix b,
      Matrix target,
      int rows,
      int inner,
      int columns,
      float beta) {
    try {
      cblas_sgemm(
          CblasRowMajor,
          transposeA,
          transposeB,
          rows,
          columns,
          inner,
          1f,
          a.address(),
          a.stride(),
          b.address(),
          b.stride(),
          beta,
          target.address(),
          target.stride());
    } finally {
      Reference.reachabilityFence(a);
      Reference.reachabilityFence(b);
      Reference.reachabilityFence(target);
    }
  }
}
