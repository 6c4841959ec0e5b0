package org.sparkvae.linalg;

/** The symmetric square root of a positive semi-definite matrix. */
public final class SymmetricSquareRoot {
  private SymmetricSquareRoot() {}

  /**
   * Returns the square root of a matrix.
   *
   * @param matrix matrix that is symmetric and positive semi-definite up to rounding
   */
  public static double[][] of(double[][] matrix) {
    int size = matrix.length;
    SymmetricEigendecomposition eigen = SymmetricEigendecomposition.of(matrix);
    double[][] root = new double[size][size];
    for (int k = 0; k < size; k++) {
      double scale = Math.sqrt(Math.max(0, eigen.values()[k]));
      double[] vector = eigen.vectors()[k];
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          root[i][j] += scale * vector[i] * vector[j];
        }
      }
    }
    return root;
  }

  /** Returns the trace of the square root of a matrix, see {@link #of}. */
  public static double trace(double[][] matrix) {
    double trace = 0;
    for (double eigenvalue : SymmetricEigendecomposition.of(matrix).values()) {
      trace += Math.sqrt(Math.max(0, eigenvalue));
    }
    return trace;
  }
}
