package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.testing.SmallModels;

class PosteriorHeadsTest {
  private static final byte[][] IMAGES = {PyTorchWeights.image(0), PyTorchWeights.image(1)};
  private static final long[] KEYS = {NoiseKey.of(1, 2, 3), NoiseKey.of(1, 2, 4)};

  private static ComputationGraph model(LayerBackend backend, int latentChannels) {
    ComputationGraph model =
        SmallModels.untrained(new ModelConfig(latentChannels, 0, 0.5, 0.001, 5), backend);
    for (String head : new String[] {VaeGraph.MEAN, VaeGraph.LOG_VARIANCE}) {
      // Sets non-zero biases and makes the posteriors differ.
      INDArray bias = model.getLayer(head).getParam("b");
      for (int i = 0; i < bias.length(); i++) {
        bias.putScalar(i, 0.01 * i - 0.1);
      }
      model.getLayer(head).getParam("W").muli(3);
    }
    return model;
  }

  /** Compares means and samples with those of the graph for the same encoder states. */
  @ParameterizedTest
  @CsvSource({"CPU, 4", "DL4J, 4", "CPU, 64", "DL4J, 64"})
  void meansAndSamplesMatchTheGraph(LayerBackend backend, int latentChannels) {
    ComputationGraph model = model(backend, latentChannels);
    PosteriorHeads heads = new PosteriorHeads(model);
    float[][] states = new PosteriorEncoder(model).states(IMAGES);
    float[][] means = new PosteriorEncoder(model).means(IMAGES);
    Map<String, INDArray> activations =
        model.feedForward(new Minibatch(IMAGES, KEYS).getFeatures(), false);
    INDArray z = activations.get(VaeGraph.SAMPLE);
    for (int n = 0; n < IMAGES.length; n++) {
      assertThat(states[n]).hasSize(28 * 32);
      assertThat(heads.mean(states[n])).containsExactly(means[n], within(1e-5f));
      float[] sample = heads.sample(states[n], KEYS[n]);
      for (int row = 0; row < 28; row++) {
        for (int channel = 0; channel < latentChannels; channel++) {
          assertThat(sample[row * latentChannels + channel])
              .isCloseTo(z.getFloat(n, channel, row, 0), within(1e-4f));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"4", "64"})
  void coordinatesPreserveDistancesOfMeans(int latentChannels) {
    ComputationGraph model = model(LayerBackend.CPU, latentChannels);
    PosteriorHeads heads = new PosteriorHeads(model);
    float[][] states = new PosteriorEncoder(model).states(IMAGES);
    float[][] means = new PosteriorEncoder(model).means(IMAGES);
    double expected = distance(means[0], means[1]);
    assertThat(expected).isGreaterThan(0.1);
    assertThat(distance(heads.meanCoordinates(states[0]), heads.meanCoordinates(states[1])))
        .isCloseTo(expected, within(1e-4 * expected));
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
