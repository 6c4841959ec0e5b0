package org.sparkvae.model.cpu;

/**
 * Batch normalization (Ioffe and Szegedy, 2015) of one minibatch: the statistics of each channel,
 * and the coefficients of the equivalent affine maps, forward and backward.
 */
final class BatchNorm {
  private final double epsilon;
  private final float[] gamma;
  private final float[] beta;
  private final double[] mean;
  private final double[] deviation;
  private final double[] variance;

  /**
   * Creates the normalization.
   *
   * @param gamma learned scale γ of each channel
   * @param beta learned shift β of each channel
   * @param epsilon number added to the variance
   */
  BatchNorm(float[] gamma, float[] beta, double epsilon) {
    this.gamma = gamma;
    this.beta = beta;
    this.epsilon = epsilon;
    this.mean = new double[gamma.length];
    this.deviation = new double[gamma.length];
    this.variance = new double[gamma.length];
  }

  /**
   * Computes the statistics of the minibatch from partial sums.
   *
   * @param centers a number near the mean of each channel
   * @param sums sums of value − center, {@code [images, columns, channels]}
   * @param squares sums of (value − center)², in the same layout
   * @param length number of partial sums in each array
   * @param values number of values of a channel in the minibatch
   */
  void computeStatistics(float[] centers, float[] sums, float[] squares, int length, long values) {
    double[] square = new double[gamma.length];
    for (int i = 0; i < length; i += gamma.length) {
      for (int channel = 0; channel < gamma.length; channel++) {
        mean[channel] += sums[i + channel];
        square[channel] += squares[i + channel];
      }
    }
    for (int channel = 0; channel < gamma.length; channel++) {
      double distance = mean[channel] / values;
      mean[channel] = centers[channel] + distance;
      variance[channel] = Math.max(0, square[channel] / values - distance * distance);
      deviation[channel] = Math.sqrt(variance[channel] + epsilon);
    }
  }

  /**
   * Sets the statistics to the running statistics.
   *
   * @param log10stdev log₁₀ σ of each channel, as Deeplearning4j stores it
   */
  void useRunningStatistics(float[] runningMean, float[] log10stdev) {
    for (int channel = 0; channel < gamma.length; channel++) {
      mean[channel] = runningMean[channel];
      variance[channel] = Math.pow(10, 2.0 * log10stdev[channel]);
      deviation[channel] = Math.sqrt(variance[channel] + epsilon);
    }
  }

  double mean(int channel) {
    return mean[channel];
  }

  /** Returns the biased variance, as in Deeplearning4j's running statistics. */
  double variance(int channel) {
    return variance[channel];
  }

  /** Returns the factor a of the affine map y = a·x + b of a channel. */
  float scale(int channel) {
    return (float) (gamma[channel] / deviation[channel]);
  }

  /** Returns the offset b of the affine map y = a·x + b of a channel. */
  float shift(int channel) {
    return (float) (beta[channel] - mean[channel] * gamma[channel] / deviation[channel]);
  }

  /** Returns the normalized value x̂ = (x − mean) / deviation. */
  double normalized(int channel, double value) {
    return (value - mean[channel]) / deviation[channel];
  }

  /**
   * Returns the intercept of the gradient that reaches a value x through the statistics.
   *
   * <p>This gradient is −γ/σ · (∂L/∂β + x̂ · ∂L/∂γ) / n, with x̂ = (x − μ) / σ. It is therefore a
   * linear function of x: intercept + slope · x. The intercept is −γ/σ · (∂L/∂β − μ/σ · ∂L/∂γ) / n.
   *
   * @param gammaGradient ∂L/∂γ
   * @param betaGradient ∂L/∂β
   * @param values n, the number of values of a channel in the minibatch
   */
  float gradientIntercept(int channel, double gammaGradient, double betaGradient, long values) {
    return (float)
        (-gamma[channel]
            / deviation[channel]
            * (betaGradient - mean[channel] / deviation[channel] * gammaGradient)
            / values);
  }

  /**
   * Returns the slope of the same gradient, −γ/σ² · ∂L/∂γ / n.
   *
   * @param gammaGradient ∂L/∂γ
   * @param values n, the number of values of a channel in the minibatch
   */
  float gradientSlope(int channel, double gammaGradient, long values) {
    double inverse = 1 / deviation[channel];
    return (float) (-gamma[channel] * inverse * inverse * gammaGradient / values);
  }
}
