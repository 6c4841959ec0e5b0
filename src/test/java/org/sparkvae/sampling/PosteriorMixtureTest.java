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
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.PosteriorEncoder;
import org.sparkvae.model.PosteriorHeads;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.sampling.PosteriorMixture.Component;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;

class PosteriorMixtureTest {
  private static final int COUNT = 1200;
  private static final ModelConfig SMALL = new ModelConfig(4, 0, 0.5, 0.001, 5);

  private final SparkSession spark = LocalSpark.session();
  private final ComputationGraph model = new ComputationGraph(VaeGraph.autoEncoder(SMALL));

  PosteriorMixtureTest() {
    model.init();
    model.getLayer(VaeGraph.MEAN).params().muli(16);
    // Hardly any noise: draws are then near the means.
    model.getLayer(VaeGraph.LOG_VARIANCE).getParam("b").assign(-12);
  }

  private PosteriorMixture fit(int partitions) {
    return fit(COUNT, partitions);
  }

  private PosteriorMixture fit(int count, int partitions) {
    Broadcast<byte[]> archive =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(ModelFile.forInference(model));
    return PosteriorMixtureFit.fit(
        TestImages.labelled(spark, count, partitions), count, model, archive, 5);
  }

  @Test
  void drawsHaveThePosteriorsMeanAndVariance() {
    PosteriorMixture mixture = fit(3);
    List<float[]> draws = new ArrayList<>();
    List<float[]> posteriors = new ArrayList<>();
    PosteriorHeads heads = new PosteriorHeads(model);
    PosteriorEncoder encoder = new PosteriorEncoder(model);
    for (int n = 0; n < COUNT; n++) {
      draws.add(mixture.z(n));
      float[] states = encoder.states(new byte[][] {TestImages.labelledPixels(n)})[0];
      posteriors.add(heads.sample(states, n));
    }
    double[] drawn = moments(draws);
    double[] there = moments(posteriors);
    // States that no ReLU gives are cut off, which moves the mean and takes some of the variance.
    assertThat(drawn[0]).as("mean").isCloseTo(there[0], within(0.1 * Math.sqrt(there[1])));
    assertThat(drawn[1]).as("variance").isBetween(0.5 * there[1], 1.1 * there[1]);
    // That of N(0, I) is 1.
    assertThat(there[1]).isLessThan(0.1);
  }

  /** Covariance [[4, 2], [2, 2]] is the square of the root's. */
  @Test
  void aComponentsScoresHaveItsMeanAndCovariance() {
    double[][] root = SymmetricSquareRoot.of(new double[][] {{4, 2}, {2, 2}});
    Component component = new Component(1, new double[] {5, -3}, root);
    int count = 20_000;
    double[] sums = new double[5];
    float[] noise = new float[2];
    for (int n = 0; n < count; n++) {
      GaussianNoise.fill(n + 1L, 2, noise, 0);
      double[] drawn = component.draw(noise);
      double x = drawn[0] - 5;
      double y = drawn[1] + 3;
      double[] terms = {x, y, x * x, x * y, y * y};
      for (int i = 0; i < terms.length; i++) {
        sums[i] += terms[i] / count;
      }
    }
    assertThat(sums).containsExactly(new double[] {0, 0, 4, 2, 2}, within(0.1));
  }

  /** The choice of a component must tell nothing of the noise within it. */
  @Test
  void eachComponentIsDrawnAsOftenAsItWeighsAndAsItIs() {
    double[][] one = {{1, 0}, {0, 1}};
    double[] weights = {0.1, 0.2, 0.3, 0.4};
    Component[] components = new Component[weights.length];
    for (int k = 0; k < components.length; k++) {
      components[k] = new Component(weights[k], new double[] {100 * k, 0}, one);
    }
    PosteriorMixture mixture =
        new PosteriorMixture(components, null, new PosteriorHeads(model), 42);
    int count = 20_000;
    int[] drawn = new int[weights.length];
    double[][] squares = new double[weights.length][2];
    for (int draw = 0; draw < count; draw++) {
      double[] scores = mixture.scores(draw);
      int k = (int) Math.round(scores[0] / 100);
      drawn[k]++;
      squares[k][0] += (scores[0] - 100 * k) * (scores[0] - 100 * k);
      squares[k][1] += scores[1] * scores[1];
    }
    for (int k = 0; k < weights.length; k++) {
      assertThat((double) drawn[k] / count).isCloseTo(weights[k], within(0.02));
      assertThat(squares[k][0] / drawn[k]).isCloseTo(1, within(0.1));
      assertThat(squares[k][1] / drawn[k]).isCloseTo(1, within(0.1));
    }
  }

  @Test
  void scoresAreTakenFromTheMeanAlongTheAxesAndRectified() {
    PrincipalComponents axes =
        PrincipalComponents.around(
            new double[] {1, 2, 3}, new double[][] {{0, 1, 0}, {0.6, 0, 0.8}});
    // The mean's own scores give the mean.
    assertThat(axes.states(new double[] {2, 3}))
        .containsExactly(new float[] {1, 2, 3}, within(1e-6f));
    assertThat(axes.states(new double[] {7, 3}))
        .containsExactly(new float[] {1, 7, 3}, within(1e-6f));
    assertThat(axes.states(new double[] {-1, 8}))
        .containsExactly(new float[] {4, 0, 7}, within(1e-6f));
  }

  @Test
  void aHundredImagesAreEnough() {
    for (float value : fit(100, 2).z(0)) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void aModelThatTellsNoImageFromAnotherHasOnePosterior() {
    for (int layer = 0; layer < model.getNumLayers(); layer++) {
      if (model.getLayer(layer).paramTable().containsKey("RW")) {
        model.getLayer(layer).getParam("W").assign(0);
      }
    }
    float[] states = new PosteriorEncoder(model).states(new byte[][] {TestImages.pixels(0)})[0];
    PosteriorMixture mixture = fit(1);
    float[] z = mixture.z(7);
    float[] posterior =
        new PosteriorHeads(model).sample(states, NoiseKey.of(5, PosteriorMixture.POSTERIOR, 7));
    assertThat(z).containsExactly(posterior, within(1e-5f));
  }

  /** Mean over images and elements, and mean over elements of the variance over images. */
  private static double[] moments(List<float[]> vectors) {
    int size = vectors.get(0).length;
    double mean = 0;
    double variance = 0;
    for (int i = 0; i < size; i++) {
      double sum = 0;
      double squares = 0;
      for (float[] each : vectors) {
        sum += each[i];
        squares += each[i] * each[i];
      }
      double ofElement = sum / vectors.size();
      mean += ofElement / size;
      variance += (squares / vectors.size() - ofElement * ofElement) / size;
    }
    return new double[] {mean, variance};
  }

  @Test
  void partitioningDoesNotChangeABit() {
    PosteriorMixture one = fit(1);
    PosteriorMixture many = fit(7);
    for (int draw = 0; draw < 20; draw++) {
      assertThat(many.z(draw)).isEqualTo(one.z(draw)).isNotEqualTo(one.z(draw + 1));
    }
  }
}
