package org.sparkvae.model.cpu;

import org.apache.commons.lang3.ArrayUtils;
import org.sparkvae.model.cpu.SyncBatchNorm.ReplicaSum;

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
  private final ReplicaSum replicaSum;

  /** The number of values of a channel in the minibatch. */
  private double values;

  /**
   * Creates the normalization.
   *
   * @param gamma learned scale γ of each channel
   * @param beta learned shift β of each channel
   * @param epsilon number added to the variance
   * @param replicaSum the sum over the replicas that train on parts of the same minibatch
   */
  BatchNorm(float[] gamma, float[] beta, double epsilon, ReplicaSum replicaSum) {
    this.gamma = gamma;
    this.beta = beta;
    this.epsilon = epsilon;
    this.replicaSum = replicaSum;
    this.mean = new double[gamma.length];
    this.deviation = new double[gamma.length];
    this.variance = new double[gamma.length];
  }

  /**
   * Computes the statistics of the minibatch from partial sums.
   *
   * @param centers a number near the mean of each channel, the same on all replicas
   * @param sums sums of value − center, {@code [images, columns, channels]}
   * @param squares sums of (value − center)², in the same layout
   * @param length number of partial sums in each array
   * @param localValues number of values of a channel on this replica
   */
  void computeStatistics(
      float[] centers, float[] sums, float[] squares, int length, long localValues) {
    int channels = gamma.length;
    double[] totals = new double[2 * channels + 1];
    for (int i = 0; i < length; i += channels) {
      for (int channel = 0; channel < channels; channel++) {
        totals[channel] += sums[i + channel];
        totals[channels + channel] += squares[i + channel];
      }
    }
    totals[2 * channels] = localValues;
    replicaSum.apply(totals);

    values = totals[2 * channels];
    for (int channel = 0; channel < channels; channel++) {
      double distance = totals[channel] / values;
      mean[channel] = centers[channel] + distance;
      variance[channel] = Math.max(0, totals[channels + channel] / values - distance * distance);
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

  /** Returns 1 or −1, the sign of γ and of {@link #scale}. */
  float sign(int channel) {
    return gamma[channel] < 0 ? -1 : 1;
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
   * Returns the gradient that reaches the values through the statistics, as a function of the
   * value.
   *
   * <p>This gradient is −γ/σ · (∂L/∂β + x̂ · ∂L/∂γ) / n, with x̂ = (x − μ) / σ. It is therefore a
   * linear function of x: intercept + slope · x. The intercept is −γ/σ · (∂L/∂β − μ/σ · ∂L/∂γ) / n,
   * and the slope is −γ/σ² · ∂L/∂γ / n. Here L is the loss of the whole minibatch, and n is the
   * number of values of a channel in it.
   *
   * @param gammaGradients ∂L/∂γ of each channel, summed over the images of this replica
   * @param betaGradients ∂L/∂β of each channel, summed over the images of this replica
   */
  StatisticsGradient statisticsGradient(double[] gammaGradients, double[] betaGradients) {
    int channels = gamma.length;
    double[] totals = ArrayUtils.addAll(gammaGradients, betaGradients);
    replicaSum.apply(totals);
    StatisticsGradient gradient = new StatisticsGradient(new float[channels], new float[channels]);
    for (int c = 0; c < channels; c++) {
      double factor = -gamma[c] / deviation[c] / values;
      double slope = totals[c] / deviation[c];
      gradient.slopes[c] = (float) (factor * slope);
      gradient.intercepts[c] = (float) (factor * (totals[channels + c] - mean[c] * slope));
    }
    return gradient;
  }

  /** The coefficients of intercept + slope · x for each channel. */
  record StatisticsGradient(float[] intercepts, float[] slopes) {}
}
