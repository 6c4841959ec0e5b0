package org.sparkvae.model.cpu;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;

/** Products of row-major matrices by the OpenBLAS that Deeplearning4j brings. */
final class Blas {
  private Blas() {}

  /**
   * A row-major matrix, or part of one, in memory.
   *
   * @param offset of its first number
   * @param stride floats from a row's start to the next one's
   */
  record Matrix(NativeFloats memory, long offset, int stride) {
    private FloatPointer start() {
      return memory.at(offset);
    }
  }

  /** target = a·b + keep·target, with a {@code [rows, inner]} and b {@code [inner, columns]}. */
  static void multiply(
      Matrix a, Matrix b, Matrix target, int rows, int inner, int columns, float keep) {
    sgemm(CblasNoTrans, CblasNoTrans, a, b, target, rows, inner, columns, keep);
  }

  /** target = a·bᵀ + keep·target, with a {@code [rows, inner]} and b {@code [columns, inner]}. */
  static void multiplyByTransposed(
      Matrix a, Matrix b, Matrix target, int rows, int inner, int columns, float keep) {
    sgemm(CblasNoTrans, CblasTrans, a, b, target, rows, inner, columns, keep);
  }

  /** target = aᵀ·b, with a {@code [inner, rows]} and b {@code [inner, columns]}. */
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
      float keep) {
    try {
      cblas_sgemm(
          CblasRowMajor,
          transposeA,
          transposeB,
          rows,
          columns,
          inner,
          1f,
          a.start(),
          a.stride(),
          b.start(),
          b.stride(),
          keep,
          target.start(),
          target.stride());
    } finally {
      Reference.reachabilityFence(a);
      Reference.reachabilityFence(b);
      Reference.reachabilityFence(target);
    }
  }
}
