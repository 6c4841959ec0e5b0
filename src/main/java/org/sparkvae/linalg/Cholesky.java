package org.sparkvae.linalg;

/** The Cholesky decomposition A = LLᵀ of a symmetric positive definite matrix A. */
public final class Cholesky {
  /** Columns of the lower triangular factor L. */
  private final double[][] columns;

  private Cholesky(double[][] columns) {
    this.columns = columns;
  }

  /** Decomposes a matrix. Reads only its lower triangle. */
  public static Cholesky of(double[][] matrix) {
    int size = matrix.length;
    double[][] columns = new double[size][size];
    for (int j = 0; j < size; j++) {
      for (int i = j; i < size; i++) {
        columns[j][i] = matrix[i][j];
      }
    }
    for (int j = 0; j < size; j++) {
      double[] column = columns[j];
      double diagonal = Math.sqrt(column[j]);
      for (int i = j; i < size; i++) {
        column[i] /= diagonal;
      }
      for (int k = j + 1; k < size; k++) {
        double[] laterColumn = columns[k];
        double factor = column[k];
        for (int i = k; i < size; i++) {
          laterColumn[i] -= factor * column[i];
        }
      }
    }
    return new Cholesky(columns);
  }

  /** Returns the natural logarithm of the determinant of A. */
  public double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < columns.length; i++) {
      sum += 2 * Math.log(columns[i][i]);
    }
    return sum;
  }

  /** Returns the squared Mahalanobis distance (x − m)ᵀ A⁻¹ (x − m) of a vector x from a mean m. */
  public double squaredDistance(double[] vector, double[] mean) {
    int size = vector.length;
    double[] residual = new double[size];
    for (int i = 0; i < size; i++) {
      residual[i] = vector[i] - mean[i];
    }
    double sum = 0;
    for (int j = 0; j < size; j++) {
      double[] column = columns[j];
      double solved = residual[j] / column[j];
      sum += solved * solved;
      for (int i = j + 1; i < size; i++) {
        residual[i] -= solved * column[i];
      }
    }
    return sum;
  }
}
