package org.sparkvae.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.sparkvae.linalg.SymmetricSquareRoot;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.PosteriorEncoder;
import org.sparkvae.model.PosteriorHeads;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.sampling.PosteriorMixture.Component;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;
import org.sparkvae.testing.SmallModels;

class PosteriorMixtureTest {
  private static final int COUNT = 600;

  private static PosteriorMixture ofThreePartitions;

  private final SparkSession spark = LocalSpark.session();
  private final ComputationGraph model = SmallModels.untrained();

  PosteriorMixtureTest() {
    model.getLayer(VaeGraph.MEAN).params().muli(16);
    // With hardly any noise, samples are near the means.
    model.getLayer(VaeGraph.LOG_VARIANCE).getParam("b").assign(-12);
  }

  /** Returns the fit to three partitions, which is computed only once. */
  private PosteriorMixture ofThreePartitions() {
    if (ofThreePartitions == null) {
      ofThreePartitions = fit(COUNT, 3);
    }
    return ofThreePartitions;
  }

  private PosteriorMixture fit(int count, int partitions) {
    Broadcast<byte[]> archive =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(ModelFile.forInference(model));
    return PosteriorMixtureFit.fit(
        TestImages.labeled(spark, count, partitions), count, model, archive, 5);
  }

  @Test
  void samplesHaveMeanAndVarianceOfThePosteriors() {
    PosteriorMixture mixture = ofThreePartitions();
    List<float[]> samples = new ArrayList<>();
    List<float[]> posteriors = new ArrayList<>();
    PosteriorHeads heads = new PosteriorHeads(model);
    PosteriorEncoder encoder = new PosteriorEncoder(model);
    for (int n = 0; n < COUNT; n++) {
      samples.add(mixture.sample(n));
      float[] states = encoder.states(new byte[][] {TestImages.labeledPixels(n)})[0];
      posteriors.add(heads.sample(states, n));
    }
    double[] sampled = moments(samples);
    double[] expected = moments(posteriors);
    // Negative states are clipped to 0, which shifts the mean and reduces the variance.
    assertThat(sampled[0]).as("mean").isCloseTo(expected[0], within(0.1 * Math.sqrt(expected[1])));
    assertThat(sampled[1]).as("variance").isBetween(0.5 * expected[1], 1.1 * expected[1]);
    // The variance of N(0, I) is 1.
    assertThat(expected[1]).isLessThan(0.1);
  }

  /** The covariance [[4, 2], [2, 2]] is the square of the root. */
  @Test
  void componentHasItsMeanAndCovariance() {
    double[][] root = SymmetricSquareRoot.of(new double[][] {{4, 2}, {2, 2}});
    Component component = new Component(1, new double[] {5, -3}, root);
    int count = 20_000;
    double[] sums = new double[5];
    float[] noise = new float[2];
    for (int n = 0; n < count; n++) {
      GaussianNoise.fill(n + 1L, 2, noise, 0);
      double[] scores = component.transform(noise);
      double x = scores[0] - 5;
      double y = scores[1] + 3;
      double[] terms = {x, y, x * x, x * y, y * y};
      for (int i = 0; i < terms.length; i++) {
        sums[i] += terms[i] / count;
      }
    }
    assertThat(sums).containsExactly(new double[] {0, 0, 4, 2, 2}, within(0.1));
  }

  /** The chosen component must be independent of the noise within it. */
  @Test
  void samplesComponentsByWeight() {
    double[][] identity = {{1, 0}, {0, 1}};
    double[] weights = {0.1, 0.2, 0.3, 0.4};
    Component[] components = new Component[weights.length];
    for (int k = 0; k < components.length; k++) {
      components[k] = new Component(weights[k], new double[] {100 * k, 0}, identity);
    }
    PosteriorMixture mixture =
        new PosteriorMixture(components, null, new PosteriorHeads(model), 42);
    int count = 20_000;
    int[] counts = new int[weights.length];
    double[][] squares = new double[weights.length][2];
    for (int index = 0; index < count; index++) {
      double[] scores = mixture.sampleScores(index);
      int k = (int) Math.round(scores[0] / 100);
      counts[k]++;
      squares[k][0] += (scores[0] - 100 * k) * (scores[0] - 100 * k);
      squares[k][1] += scores[1] * scores[1];
    }
    for (int k = 0; k < weights.length; k++) {
      assertThat((double) counts[k] / count).isCloseTo(weights[k], within(0.02));
      assertThat(squares[k][0] / counts[k]).isCloseTo(1, within(0.1));
      assertThat(squares[k][1] / counts[k]).isCloseTo(1, within(0.1));
    }
  }

  @Test
  void reconstructsStatesFromScores() {
    PrincipalComponents axes =
        PrincipalComponents.centeredOn(
            new double[] {1, 2, 3}, new double[][] {{0, 1, 0}, {0.6, 0, 0.8}});
    // The scores of the mean give the mean.
    assertThat(axes.reconstruct(new double[] {2, 3}))
        .containsExactly(new float[] {1, 2, 3}, within(1e-6f));
    assertThat(axes.reconstruct(new double[] {7, 3}))
        .containsExactly(new float[] {1, 7, 3}, within(1e-6f));
    assertThat(axes.reconstruct(new double[] {-1, 8}))
        .containsExactly(new float[] {4, 0, 7}, within(1e-6f));
  }

  @Test
  void fitsAHundredImages() {
    for (float value : fit(100, 2).sample(0)) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void fitsAModelWithASinglePosterior() {
    for (int layer = 0; layer < model.getNumLayers(); layer++) {
      if (model.getLayer(layer).paramTable().containsKey("RW")) {
        model.getLayer(layer).getParam("W").assign(0);
      }
    }
    float[] states = new PosteriorEncoder(model).states(new byte[][] {TestImages.pixels(0)})[0];
    PosteriorMixture mixture = fit(COUNT, 1);
    float[] z = mixture.sample(7);
    float[] posterior =
        new PosteriorHeads(model).sample(states, NoiseKey.of(5, PosteriorMixture.LATENT_NOISE, 7));
    assertThat(z).containsExactly(posterior, within(1e-5f));
  }

  /**
   * Returns the mean over images and elements, and the mean over elements of the variance over
   * images.
   */
  private static double[] moments(List<float[]> vectors) {
    int size = vectors.get(0).length;
    double mean = 0;
    double variance = 0;
    for (int i = 0; i < size; i++) {
      double sum = 0;
      double squares = 0;
      for (float[] vector : vectors) {
        sum += vector[i];
        squares += vector[i] * vector[i];
      }
      double elementMean = sum / vectors.size();
      mean += elementMean / size;
      variance += (squares / vectors.size() - elementMean * elementMean) / size;
    }
    return new double[] {mean, variance};
  }

  @Test
  void doesNotDependOnPartitioning() {
    PosteriorMixture one = fit(COUNT, 1);
    PosteriorMixture many = ofThreePartitions();
    for (int index = 0; index < 20; index++) {
      assertThat(many.sample(index))
          .isEqualTo(one.sample(index))
          .isNotEqualTo(one.sample(index + 1));
    }
  }
}
