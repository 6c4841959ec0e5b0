package org.sparkvae.linear;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/** The symmetric square root of a positive semi-definite matrix. */
public final class SymmetricRoot {
  private SymmetricRoot() {}

  /**
   * Returns the root.
   *
   * @param matrix symmetric but for rounding, eigenvalues 0 or above but for rounding
   */
  public static double[][] of(double[][] matrix) {
    int size = matrix.length;
    EigenDecomposition parts = decomposition(matrix);
    double[][] root = new double[size][size];
    for (int k = 0; k < size; k++) {
      double scale = Math.sqrt(Math.max(0, parts.getRealEigenvalue(k)));
      double[] vector = parts.getEigenvector(k).toArray();
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          root[i][j] += scale * vector[i] * vector[j];
        }
      }
    }
    return root;
  }

  /** The trace of {@link #of}. */
  public static double trace(double[][] matrix) {
    double trace = 0;
    for (double eigenvalue : decomposition(matrix).getRealEigenvalues()) {
      trace += Math.sqrt(Math.max(0, eigenvalue));
    }
    return trace;
  }

  private static EigenDecomposition decomposition(double[][] matrix) {
    Array2DRowRealMatrix nearly = new Array2DRowRealMatrix(matrix);
    // What is not exactly symmetric would be decomposed in another way, into complex parts.
    return new EigenDecomposition(nearly.add(nearly.transpose()).scalarMultiply(0.5));
  }
}
