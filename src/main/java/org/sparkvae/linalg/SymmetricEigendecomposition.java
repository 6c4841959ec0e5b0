package org.sparkvae.linalg;

import dev.ludovic.netlib.lapack.JavaLAPACK;
import org.netlib.util.intW;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, by LAPACK's {@code dsyev}, which does not
 * give up on matrices short of full rank. In Java, so that rounding is the same on every processor.
 *
 * @param values largest first
 * @param vectors of length 1, in the values' order
 */
// Made once and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record SymmetricEigendecomposition(double[] values, double[][] vectors) {
  /**
   * Decomposes a matrix.
   *
   * @param matrix symmetric but for rounding
   * @throws IllegalArgumentException if it has what is no number
   */
  public static SymmetricEigendecomposition of(double[][] matrix) {
    int size = matrix.length;
    double[] columns = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        columns[i * size + j] = (matrix[i][j] + matrix[j][i]) / 2;
        if (!Double.isFinite(columns[i * size + j])) {
          throw new IllegalArgumentException("row %d, column %d is no number".formatted(i, j));
        }
      }
    }
    double[] ascending = new double[size];
    double[] work = new double[Math.max(1, 3 * size)];
    decompose(size, columns, ascending, work);
    double[] values = new double[size];
    double[][] vectors = new double[size][size];
    for (int k = 0; k < size; k++) {
      int last = size - 1 - k;
      values[k] = ascending[last];
      System.arraycopy(columns, last * size, vectors[k], 0, size);
    }
    return new SymmetricEigendecomposition(values, vectors);
  }

  /**
   * One at a time: LAPACK's translation keeps the machine's constants in static fields and says
   * that they are there before it has worked them out, so that two threads that are the first to
   * need them may never end.
   */
  private static synchronized void decompose(
      int size, double[] columns, double[] values, double[] work) {
    intW info = new intW(0);
    JavaLAPACK.getInstance()
        .dsyev("V", "U", size, columns, Math.max(1, size), values, work, work.length, info);
    if (info.val != 0) {
      throw new IllegalStateException("dsyev ended with " + info.val);
    }
  }
}
