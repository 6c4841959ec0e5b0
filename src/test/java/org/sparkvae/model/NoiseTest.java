package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;

class NoiseTest {
  @Test
  void isStandardNormal() {
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    int n = 0;
    for (int image = 0; image < 40; image++) {
      float[] noise = new float[256 * 28];
      GaussianNoise.fill(NoiseKey.of(1, 0, image), noise.length, noise, 0);
      for (float e : noise) {
        sum += e;
        squares += e * e;
        fourths += Math.pow(e, 4);
        n++;
      }
    }
    assertThat(sum / n).isCloseTo(0, within(0.01));
    assertThat(squares / n).isCloseTo(1, within(0.01));
    assertThat(fourths / n).isCloseTo(3, within(0.06));
  }

  @Test
  void keysDifferBySeedEpochAndImage() {
    Set<Long> keys = new HashSet<>();
    for (int seed = 0; seed < 3; seed++) {
      for (int epoch = 0; epoch < 50; epoch++) {
        for (int image = 0; image < 200; image++) {
          keys.add(NoiseKey.of(seed, epoch, image));
        }
      }
    }
    assertThat(keys).hasSize(3 * 50 * 200);
  }

  @Test
  void keysAreExactInSinglePrecision() {
    for (long key : new long[] {0, 1, (1L << 48) - 1, 0xABCDEF123456L, NoiseKey.NONE}) {
      float[] values = new float[28];
      NoiseKey.encode(key, values, 0, 28);
      assertThat(NoiseKey.decode(values[0], values[1])).isEqualTo(key);
    }
  }

  @Test
  void latentIsThePosteriorMeanWithoutNoise() {
    ComputationGraph graph = VaeGraphTest.graph(VaeGraphTest.MODEL_2);
    Minibatch mean =
        new Minibatch(new byte[][] {PyTorchWeights.image(0)}, new long[] {NoiseKey.NONE});
    Map<String, INDArray> activations = graph.feedForward(mean.getFeatures(), false);
    assertThat(activations.get("z").reshape(16, 28))
        .isEqualTo(activations.get("mean").reshape(16, 28));
  }

  @Test
  void divergenceMatchesMonteCarloEstimate() {
    ComputationGraph graph = VaeGraphTest.graph(VaeGraphTest.MODEL_2);
    // Moves the posterior away from the prior, so that the divergence is large.
    graph.getLayer("mean").getParam("b").assign(0.7);
    graph.getLayer("log_var").getParam("b").assign(-1.2);
    Minibatch one = new Minibatch(new byte[][] {PyTorchWeights.image(0)}, new long[] {5});
    Map<String, INDArray> activations = graph.feedForward(one.getFeatures(), false);
    double[] mean = activations.get("mean").dup('c').reshape(16 * 28).toDoubleVector();
    double[] logVariance = activations.get("log_var").dup('c').reshape(16 * 28).toDoubleVector();

    // Estimates KL = E_q[log q(z) − log p(z)] with noise that is independent of the layer's.
    Random random = new Random(9);
    int draws = 20_000;
    double sum = 0;
    for (int draw = 0; draw < draws; draw++) {
      for (int i = 0; i < mean.length; i++) {
        double e = random.nextGaussian();
        double z = mean[i] + Math.exp(logVariance[i] / 2) * e;
        sum += 0.5 * (z * z - e * e - logVariance[i]);
      }
    }
    double estimate = sum / draws;
    double exact = ((SamplingLayerImpl) graph.getLayer("z")).klNatsPerImage()[0];
    assertThat(exact).isCloseTo(estimate, within(0.005 * estimate)).isGreaterThan(100);
  }

  @Test
  void regularizationTermScalesWithLambda() {
    double half = regularizationTerm(0.5);
    assertThat(regularizationTerm(0.25)).isCloseTo(half / 2, within(1e-9));
    assertThat(regularizationTerm(0)).isZero();
    assertThat(half).isGreaterThan(1e-4);
  }

  private static double regularizationTerm(double lambda) {
    ComputationGraph graph = VaeGraphTest.graph(new ModelConfig(16, 0, lambda, 0.001, 42));
    Minibatch minibatch = VaeGraphTest.minibatch(3);
    double score = graph.score(minibatch, false);
    SamplingLayerImpl sampling = (SamplingLayerImpl) graph.getLayer("z");
    double term = sampling.calcRegularizationScore(true);
    double meanKl = 0;
    for (double kl : sampling.klNatsPerImage()) {
      meanKl += kl / 3;
    }
    assertThat(term)
        .isCloseTo(
            new ModelConfig(16, 0, lambda, 0.001, 42).regularizationTerm(meanKl), within(1e-12));
    assertThat(score).isGreaterThan(term);
    return term;
  }
}
