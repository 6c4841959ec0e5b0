package org.sparkvae.sampling;

import java.util.Random;
import java.util.stream.IntStream;
import org.sparkvae.linalg.Cholesky;

/**
 * Fits normal distributions with full covariances to vectors by expectation maximisation (Bishop,
 * Pattern Recognition and Machine Learning, 2006, section 9.2.2), from clusters that k-means++
 * chooses (Arthur and Vassilvitskii, 2007). Every sum has its order, and no library of the
 * machine's is asked, so that the same vectors and seed give the same fit to the last bit.
 */
final class GaussianMixtureFit {
  private static final int MOST_ITERATIONS = 50;

  /** By which the mean log-likelihood has to grow for another iteration, in nats per vector. */
  private static final double WORTH_IT = 1e-3;

  /** Of the vectors' mean variance: the least in any direction, so that densities are finite. */
  private static final double LEAST_VARIANCE = 1e-6;

  private final double[][] vectors;
  private final int size;
  private final double leastVariance;
  private final double[] weights;
  private final double[][] means;
  private final double[][][] covariances;

  /** By vector and Gaussian. */
  private final double[][] responsibilities;

  /** Begins with clusters. */
  private GaussianMixtureFit(double[][] vectors, int gaussians, long seed) {
    this.vectors = vectors;
    this.size = vectors[0].length;
    this.leastVariance = Math.max(Double.MIN_NORMAL, LEAST_VARIANCE * meanVariance(vectors));
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
   * What was fitted.
   *
   * @param weights sum up to 1
   * @param means {@code [gaussians, size]}
   * @param covariances {@code [gaussians, size, size]}
   */
  // Made once and never compared.
  @SuppressWarnings("ArrayRecordComponent")
  record Mixture(double[] weights, double[][] means, double[][][] covariances) {}

  /**
   * Fits a mixture.
   *
   * @param vectors one at least, all of one size
   */
  static Mixture fit(double[][] vectors, int gaussians, long seed) {
    GaussianMixtureFit fit = new GaussianMixtureFit(vectors, gaussians, seed);
    double before = Double.NEGATIVE_INFINITY;
    for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      fit.maximise();
      double likelihood = fit.expect();
      if (likelihood - before < WORTH_IT) {
        break;
      }
      before = likelihood;
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

  /** Each vector's nearest of the centres, which are vectors far from one another by chance. */
  private static int[] clusters(double[][] vectors, int count, Random random) {
    int[] nearest = new int[vectors.length];
    double[] distances = new double[vectors.length];
    int centre = random.nextInt(vectors.length);
    for (int k = 0; k < count; k++) {
      double sum = 0;
      for (int n = 0; n < vectors.length; n++) {
        double distance = distance(vectors[n], vectors[centre]);
        if (k == 0 || distance < distances[n]) {
          distances[n] = distance;
          nearest[n] = k;
        }
        sum += distances[n];
      }
      double left = random.nextDouble() * sum;
      for (centre = 0; centre < vectors.length - 1 && left >= distances[centre]; centre++) {
        left -= distances[centre];
      }
    }
    return nearest;
  }

  /** Squared. */
  private static double distance(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return sum;
  }

  /** The M step: Gaussians from responsibilities. */
  private void maximise() {
    IntStream.range(0, weights.length).parallel().forEach(this::maximise);
  }

  private void maximise(int k) {
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
      // Nobody's: it stays where it was.
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
      covariance[i][i] += leastVariance;
      for (int j = 0; j < i; j++) {
        covariance[j][i] = covariance[i][j];
      }
    }
    return covariance;
  }

  /** The E step: responsibilities from Gaussians; returns the mean log-likelihood before it. */
  private double expect() {
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
        .forEach(n -> likelihoods[n] = expect(n, factors, constants));
    double sum = 0;
    for (double likelihood : likelihoods) {
      sum += likelihood;
    }
    return sum / vectors.length;
  }

  private double expect(int n, Cholesky[] factors, double[] constants) {
    double[] logs = responsibilities[n];
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logs.length; k++) {
      logs[k] =
          weights[k] == 0
              ? Double.NEGATIVE_INFINITY
              : constants[k] - factors[k].squaredDistance(vectors[n], means[k]) / 2;
      most = Math.max(most, logs[k]);
    }
    double sum = 0;
    for (int k = 0; k < logs.length; k++) {
      logs[k] = Math.exp(logs[k] - most);
      sum += logs[k];
    }
    for (int k = 0; k < logs.length; k++) {
      logs[k] /= sum;
    }
    return most + Math.log(sum);
  }
}
