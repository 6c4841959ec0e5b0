package org.sparkvae.model.cpu;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015) of one minibatch, channel by channel: its
 * statistics, and the affine map that it amounts to, forward and backward.
 */
final class BatchNorm {
  private final double epsilon;
  private final float[] gamma;
  private final float[] beta;
  private final double[] mean;
  private final double[] deviation;
  private final double[] variance;

  /**
   * Takes the learned scale γ and shift β.
   *
   * @param epsilon added to the variance
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
   * Takes the minibatch's own statistics.
   *
   * @param centres a number near each channel's mean
   * @param sums of values less their centre, {@code [images, columns, channels]}
   * @param squares likewise, of squares
   * @param length of both
   * @param values of each channel in the minibatch
   */
  void measure(float[] centres, float[] sums, float[] squares, int length, long values) {
    double[] square = new double[gamma.length];
    for (int i = 0; i < length; i += gamma.length) {
      for (int channel = 0; channel < gamma.length; channel++) {
        mean[channel] += sums[i + channel];
        square[channel] += squares[i + channel];
      }
    }
    for (int channel = 0; channel < gamma.length; channel++) {
      double distance = mean[channel] / values;
      mean[channel] = centres[channel] + distance;
      variance[channel] = Math.max(0, square[channel] / values - distance * distance);
      deviation[channel] = Math.sqrt(variance[channel] + epsilon);
    }
  }

  /** Takes the running statistics; {@code log10stdev} as Deeplearning4j keeps it. */
  void takeRunning(float[] runningMean, float[] log10stdev) {
    for (int channel = 0; channel < gamma.length; channel++) {
      mean[channel] = runningMean[channel];
      variance[channel] = Math.pow(10, 2.0 * log10stdev[channel]);
      deviation[channel] = Math.sqrt(variance[channel] + epsilon);
    }
  }

  double mean(int channel) {
    return mean[channel];
  }

  /** Biased, as Deeplearning4j's running variance is. */
  double variance(int channel) {
    return variance[channel];
  }

  /** What a channel's values are multiplied by. */
  float scale(int channel) {
    return (float) (gamma[channel] / deviation[channel]);
  }

  /** What is added then. */
  float shift(int channel) {
    return (float) (beta[channel] - mean[channel] * gamma[channel] / deviation[channel]);
  }

  /** A value, normalised: x̂ = (x − mean) / deviation. */
  double normalised(int channel, double value) {
    return (value - mean[channel]) / deviation[channel];
  }

  /**
   * The share of a value's gradient that comes through the statistics, −γ/σ · (Σ∂β + x̂ · Σ∂γ) / n,
   * as a straight line in the value: this is where it crosses 0.
   */
  float offset(int channel, double gammaGradient, double betaGradient, long values) {
    return (float)
        (-gamma[channel]
            / deviation[channel]
            * (betaGradient - mean[channel] / deviation[channel] * gammaGradient)
            / values);
  }

  /** The slope of that line. */
  float slope(int channel, double gammaGradient, long values) {
    double inverse = 1 / deviation[channel];
    return (float) (-gamma[channel] * inverse * inverse * gammaGradient / values);
  }
}
