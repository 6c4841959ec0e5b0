package org.sparkvae.linalg;

import dev.ludovic.netlib.lapack.JavaLAPACK;
import org.netlib.util.intW;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, computed by LAPACK's {@code dsyev}, which
 * also supports rank-deficient matrices. The Java version of LAPACK is used because its rounding is
 * the same on every processor.
 *
 * @param values eigenvalues in descending order
 * @param vectors eigenvectors of length 1, in the order of the eigenvalues
 */
public record SymmetricEigendecomposition(double[] values, double[][] vectors) {
  /**
   * Decomposes a matrix.
   *
   * @param matrix matrix that is symmetric up to rounding
   * @throws IllegalArgumentException if an element is NaN or infinite
   * @throws IllegalStateException if LAPACK reports an error
   */
  public static SymmetricEigendecomposition of(double[][] matrix) {
    int size = matrix.length;
    double[] columns = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        columns[i * size + j] = (matrix[i][j] + matrix[j][i]) / 2;
        if (!Double.isFinite(columns[i * size + j])) {
          throw new IllegalArgumentException(
              "The matrix element in row %d, column %d is not a finite number.".formatted(i, j));
        }
      }
    }
    double[] ascending = new double[size];
    double[] work = new double[Math.max(1, 3 * size)];
    decompose(size, columns, ascending, work);
    double[] values = new double[size];
    double[][] vectors = new double[size][size];
    for (int k = 0; k < size; k++) {
      int index = size - 1 - k;
      values[k] = ascending[index];
      System.arraycopy(columns, index * size, vectors[k], 0, size);
    }
    return new SymmetricEigendecomposition(values, vectors);
  }

  /**
   * Calls {@code dsyev} on one thread at a time. The Java version of LAPACK marks its static
   * machine constants as initialized before it has computed them. If two threads made the first
   * call concurrently, they could loop forever.
   */
  private static synchronized void decompose(
      int size, double[] columns, double[] values, double[] work) {
    intW info = new intW(0);
    JavaLAPACK.getInstance()
        .dsyev("V", "U", size, columns, Math.max(1, size), values, work, work.length, info);
    if (info.val != 0) {
      throw new IllegalStateException("LAPACK dsyev returned error code %d.".formatted(info.val));
    }
  }
}
