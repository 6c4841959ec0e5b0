package org.sparkvae.linalg;

/** The lower triangular L of a symmetric positive definite matrix, LLᵀ, and what it is good for. */
public final class Cholesky {
  private final double[][] columns;

  private Cholesky(double[][] columns) {
    this.columns = columns;
  }

  /** Decomposes a matrix, whose lower triangle alone is read. */
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
        double[] later = columns[k];
        double factor = column[k];
        for (int i = k; i < size; i++) {
          later[i] -= factor * column[i];
        }
      }
    }
    return new Cholesky(columns);
  }

  /** The natural logarithm of the matrix's determinant. */
  public double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < columns.length; i++) {
      sum += 2 * Math.log(columns[i][i]);
    }
    return sum;
  }

  /** (x − m)ᵀ A⁻¹ (x − m) for the matrix A: Mahalanobis's distance, squared. */
  public double squaredDistance(double[] vector, double[] mean) {
    int size = vector.length;
    double[] rest = new double[size];
    for (int i = 0; i < size; i++) {
      rest[i] = vector[i] - mean[i];
    }
    double sum = 0;
    for (int j = 0; j < size; j++) {
      double[] column = columns[j];
      double solved = rest[j] / column[j];
      sum += solved * solved;
      for (int i = j + 1; i < size; i++) {
        rest[i] -= solved * column[i];
      }
    }
    return sum;
  }
}
