package org.sparkvae.sampling;

import java.util.Random;
import java.util.stream.IntStream;
import org.sparkvae.linalg.Cholesky;

/**
 * A fit of a Gaussian mixture with full covariances by expectation maximization (Bishop, Pattern
 * Recognition and Machine Learning, 2006, section 9.2.2). Initial clusters come from k-means++
 * (Arthur and Vassilvitskii, 2007).
 *
 * <p>The same vectors and seed give the same fit to the last bit: sums have a fixed order, and no
 * native library is used.
 */
final class GaussianMixtureFit {
  private static final int MAX_ITERATIONS = 50;

  /** The minimum increase of the mean log-likelihood in an iteration, in nats per vector. */
  private static final double TOLERANCE = 1e-3;

  /**
   * The minimum variance in any direction, relative to the vectors' mean variance. It keeps
   * densities finite.
   */
  private static final double MIN_RELATIVE_VARIANCE = 1e-6;

  private final double[][] vectors;
  private final int size;
  private final double minVariance;
  private final double[] weights;
  private final double[][] means;
  private final double[][][] covariances;

  /** The probability of each Gaussian given each vector, {@code [vectors][gaussians]}. */
  private final double[][] responsibilities;

  /** Creates a fit and initializes its responsibilities from clusters. */
  private GaussianMixtureFit(double[][] vectors, int gaussians, long seed) {
    this.vectors = vectors;
    this.size = vectors[0].length;
    this.minVariance = Math.max(Double.MIN_NORMAL, MIN_RELATIVE_VARIANCE * meanVariance(vectors));
    this.weights = new double[gaussians];
    this.means = new double[gaussians][size];
    this.covariances = new double[gaussians][size][size];
    this.responsibilities = new double[vectors.length][gaussians];
    int[] clusters = clusters(vectors, gaussians, new Random(seed));
    for (int n = 0; n < vectors.length; n++) {
      responsibilities[n][clusters[n]] = 1;
    }
  }

  /**
   * A fitted mixture.
   *
   * @param weights the weights, with a sum of 1
   * @param means {@code [gaussians, size]}
   * @param covariances {@code [gaussians, size, size]}
   */
  record Mixture(double[] weights, double[][] means, double[][][] covariances) {}

  /**
   * Fits a mixture.
   *
   * @param vectors at least one vector, all of the same size
   */
  static Mixture fit(double[][] vectors, int gaussians, long seed) {
    GaussianMixtureFit fit = new GaussianMixtureFit(vectors, gaussians, seed);
    double previous = Double.NEGATIVE_INFINITY;
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      fit.maximizationStep();
      double likelihood = fit.expectationStep();
      if (likelihood - previous < TOLERANCE) {
        break;
      }
      previous = likelihood;
    }
    return new Mixture(fit.weights, fit.means, fit.covariances);
  }

  private static double meanVariance(double[][] vectors) {
    double variance = 0;
    int size = vectors[0].length;
    for (int i = 0; i < size; i++) {
      double sum = 0;
      for (double[] vector : vectors) {
        sum += vector[i];
      }
      for (double[] vector : vectors) {
        double difference = vector[i] - sum / vectors.length;
        variance += difference * difference / vectors.length / size;
      }
    }
    return variance;
  }

  /** Assigns each vector to its nearest center. The centers are vectors chosen by k-means++. */
  private static int[] clusters(double[][] vectors, int count, Random random) {
    int[] nearest = new int[vectors.length];
    double[] distances = new double[vectors.length];
    int center = random.nextInt(vectors.length);
    for (int k = 0; k < count; k++) {
      double sum = 0;
      for (int n = 0; n < vectors.length; n++) {
        double distance = squaredDistance(vectors[n], vectors[center]);
        if (k == 0 || distance < distances[n]) {
          distances[n] = distance;
          nearest[n] = k;
        }
        sum += distances[n];
      }
      double remaining = random.nextDouble() * sum;
      for (center = 0; center < vectors.length - 1 && remaining >= distances[center]; center++) {
        remaining -= distances[center];
      }
    }
    return nearest;
  }

  /** Returns the squared Euclidean distance. */
  private static double squaredDistance(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return sum;
  }

  /** Updates the Gaussians from the responsibilities (M step). */
  private void maximizationStep() {
    IntStream.range(0, weights.length).parallel().forEach(this::maximizationStep);
  }

  private void maximizationStep(int k) {
    double sum = 0;
    double[] mean = new double[size];
    for (int n = 0; n < vectors.length; n++) {
      double share = responsibilities[n][k];
      sum += share;
      for (int i = 0; i < size; i++) {
        mean[i] += share * vectors[n][i];
      }
    }
    weights[k] = sum / vectors.length;
    if (sum < 1e-9) {
      // A Gaussian without vectors keeps its mean and covariance.
      return;
    }
    for (int i = 0; i < size; i++) {
      mean[i] /= sum;
    }
    means[k] = mean;
    covariances[k] = covariance(k, sum);
  }

  private double[][] covariance(int k, double sum) {
    double[][] covariance = new double[size][size];
    double[] difference = new double[size];
    for (int n = 0; n < vectors.length; n++) {
      double share = responsibilities[n][k] / sum;
      if (share > 0) {
        for (int i = 0; i < size; i++) {
          difference[i] = vectors[n][i] - means[k][i];
        }
        for (int i = 0; i < size; i++) {
          double scaled = share * difference[i];
          double[] row = covariance[i];
          for (int j = 0; j <= i; j++) {
            row[j] += scaled * difference[j];
          }
        }
      }
    }
    for (int i = 0; i < size; i++) {
      covariance[i][i] += minVariance;
      for (int j = 0; j < i; j++) {
        covariance[j][i] = covariance[i][j];
      }
    }
    return covariance;
  }

  /**
   * Updates the responsibilities from the Gaussians (E step).
   *
   * @return the mean log-likelihood of the vectors under the Gaussians
   */
  private double expectationStep() {
    Cholesky[] factors = new Cholesky[weights.length];
    double[] constants = new double[weights.length];
    for (int k = 0; k < weights.length; k++) {
      factors[k] = Cholesky.of(covariances[k]);
      constants[k] =
          Math.log(weights[k]) - (size * Math.log(2 * Math.PI) + factors[k].logDeterminant()) / 2;
    }
    double[] likelihoods = new double[vectors.length];
    IntStream.range(0, vectors.length)
        .parallel()
        .forEach(n -> likelihoods[n] = expectationStep(n, factors, constants));
    double sum = 0;
    for (double likelihood : likelihoods) {
      sum += likelihood;
    }
    return sum / vectors.length;
  }

  private double expectationStep(int n, Cholesky[] factors, double[] constants) {
    double[] logs = responsibilities[n];
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logs.length; k++) {
      logs[k] =
          weights[k] == 0
              ? Double.NEGATIVE_INFINITY
              : constants[k] - factors[k].squaredDistance(vectors[n], means[k]) / 2;
      max = Math.max(max, logs[k]);
    }
    double sum = 0;
    for (int k = 0; k < logs.length; k++) {
      logs[k] = Math.exp(logs[k] - max);
      sum += logs[k];
    }
    for (int k = 0; k < logs.length; k++) {
      logs[k] /= sum;
    }
    return max + Math.log(sum);
  }
}
