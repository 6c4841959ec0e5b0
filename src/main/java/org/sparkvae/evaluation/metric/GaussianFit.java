package org.sparkvae.evaluation.metric;

import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.sparkvae.linalg.SymmetricSquareRoot;

/** A normal distribution with the mean and the covariance (divided by n − 1) of given vectors. */
public final class GaussianFit {
  private final RealVector mean;
  private final RealMatrix covariance;

  private GaussianFit(RealVector mean, RealMatrix covariance) {
    this.mean = mean;
    this.covariance = covariance;
  }

  /** Fits the distribution to at least two vectors of equal length. */
  public static GaussianFit of(List<float[]> vectors) {
    int size = vectors.get(0).length;
    double[] mean = new double[size];
    for (float[] vector : vectors) {
      for (int i = 0; i < size; i++) {
        mean[i] += vector[i];
      }
    }
    for (int i = 0; i < size; i++) {
      mean[i] /= vectors.size();
    }
    double[][] covariance = new double[size][size];
    double[] centered = new double[size];
    for (float[] vector : vectors) {
      for (int i = 0; i < size; i++) {
        centered[i] = vector[i] - mean[i];
        for (int j = 0; j <= i; j++) {
          covariance[i][j] += centered[i] * centered[j];
        }
      }
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        covariance[i][j] /= vectors.size() - 1;
        covariance[j][i] = covariance[i][j];
      }
    }
    return new GaussianFit(
        new ArrayRealVector(mean, false), new Array2DRowRealMatrix(covariance, false));
  }

  /**
   * Returns the Fréchet distance, squared as in the literature (Heusel et al., 2017): |μ₁ − μ₂|² +
   * tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½). The last term is computed as the trace of (Σ₁^½ Σ₂ Σ₁^½)^½, the root
   * of a symmetric matrix.
   */
  public double frechetDistance(GaussianFit other) {
    RealVector meanDifference = mean.subtract(other.mean);
    RealMatrix root = new Array2DRowRealMatrix(SymmetricSquareRoot.of(covariance.getData()), false);
    RealMatrix product = root.multiply(other.covariance).multiply(root);
    return meanDifference.dotProduct(meanDifference)
        + covariance.getTrace()
        + other.covariance.getTrace()
        - 2 * SymmetricSquareRoot.trace(product.getData());
  }
}
