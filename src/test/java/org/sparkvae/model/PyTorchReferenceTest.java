package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.testing.SmallModels;

/**
 * Compares the graph with an independent PyTorch model that has the same weights and noise. The
 * tolerances are small enough to detect a swapped gate, a flipped kernel or a transposed image.
 */
class PyTorchReferenceTest {
  private static final Offset<Double> LOSS = within(2e-6);
  private static final Offset<Double> PIXEL = within(1e-5);

  private static JsonNode reference() throws IOException {
    try (InputStream file =
        PyTorchReferenceTest.class.getResourceAsStream("/pytorch-reference.json")) {
      return new ObjectMapper().readTree(file);
    }
  }

  private static ComputationGraph graph(
      int latentChannels, LayerBackend backend, JsonNode reference) {
    ModelConfig config =
        new ModelConfig(latentChannels, 0, reference.at("/settings/lambda").asDouble(), 1e-12, 1);
    ComputationGraph graph = SmallModels.untrained(config, LayerBackend.DL4J);
    PyTorchWeights.load(graph, latentChannels);
    return VaeGraph.withBackend(backend, graph, config);
  }

  private static Minibatch minibatch(int epoch) {
    byte[][] images = new byte[3][];
    long[] keys = new long[3];
    for (int n = 0; n < 3; n++) {
      images[n] = PyTorchWeights.image(n);
      keys[n] = NoiseKey.of(7, epoch, n);
    }
    return new Minibatch(images, keys);
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 16})
  void noiseMatches(int latentChannels) throws IOException {
    for (JsonNode expected : reference().at(model(latentChannels) + "/noise")) {
      long key = NoiseKey.of(7, expected.get("epoch").asInt(), expected.get("image").asInt());
      assertThat(key).isEqualTo(expected.get("key").asLong());
      float[] noise = new float[latentChannels * 28];
      GaussianNoise.fill(key, noise.length, noise, 0);
      for (int i = 0; i < 4; i++) {
        assertThat((double) noise[i])
            .isCloseTo(expected.get("first").get(i).asDouble(), within(1e-6));
        assertThat((double) noise[noise.length - 4 + i])
            .isCloseTo(expected.get("last").get(i).asDouble(), within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"256, CPU", "256, DL4J", "16, CPU", "16, DL4J"})
  void lossAndReconstructionMatchInTraining(int latentChannels, LayerBackend backend)
      throws IOException {
    JsonNode reference = reference();
    JsonNode expected = reference.at(model(latentChannels) + "/train");
    ComputationGraph graph = graph(latentChannels, backend, reference);
    Minibatch minibatch = minibatch(3);
    graph.setInputs(minibatch.getFeatures());
    graph.setLabels(minibatch.getLabels());
    INDArray reconstruction =
        graph.feedForward(minibatch.getFeatures(), true).get(VaeGraph.OUTPUT).dup('c');
    assertPixels(reconstruction, 1, expected.get("reconstruction_image1"));

    graph.setInputs(minibatch.getFeatures());
    graph.setLabels(minibatch.getLabels());
    graph.computeGradientAndScore();
    double regTerm = graph.getLayer(VaeGraph.SAMPLE).calcRegularizationScore(true);
    assertThat(graph.score()).isCloseTo(expected.get("loss").asDouble(), LOSS);
    assertThat(regTerm).isCloseTo(expected.get("reg_term").asDouble(), within(2e-8));
    assertThat(graph.score() - regTerm).isCloseTo(expected.get("bce").asDouble(), LOSS);
    assertGradients(graph, backend, expected.get("gradients"));
  }

  /**
   * Compares the norms of gradients. Before an update, Deeplearning4j's gradients are sums over the
   * minibatch, and PyTorch's are means. The tolerance allows for pooling windows with two nearly
   * equal values, where single precision can select the other one.
   */
  private static void assertGradients(
      ComputationGraph graph, LayerBackend backend, JsonNode expected) {
    String[][] parameterNames = {
      {"lstm_W", "lstm.weight_ih_l0"},
      {"lstm_RW", "lstm.weight_hh_l0"},
      {"lstm_b", "lstm.bias_ih_l0"},
      {"mean_W", "mean.weight"},
      {"mean_b", "mean.bias"},
      {"log_var_W", "log_var.weight"},
      {"log_var_b", "log_var.bias"},
      {"block1_deconv_W", "block1.deconv.weight"},
      {"block1_deconv_b", "block1.deconv.bias"},
      {"block1_norm_gamma", "block1.norm.weight"},
      {"block1_norm_beta", "block1.norm.bias"},
      {"block2_deconv_W", "block2.deconv.weight"},
      {"block3_deconv_W", "block3.deconv.weight"},
      {"block3_norm_gamma", "block3.norm.weight"},
      {"output_W", "output.weight"},
      {"output_b", "output.bias"},
    };
    for (String[] names : parameterNames) {
      double norm =
          graph.gradient().getGradientFor(name(names[0], backend)).norm2Number().doubleValue() / 3;
      double reference = expected.get(names[1]).get("l2").asDouble();
      assertThat(norm).as(names[0]).isCloseTo(reference, within(1e-3 * reference));
    }
  }

  @ParameterizedTest
  @CsvSource({"256, CPU", "256, DL4J", "16, CPU", "16, DL4J"})
  void reconstructionAndKlDivergenceMatchAtInference(int latentChannels, LayerBackend backend)
      throws IOException {
    JsonNode reference = reference();
    JsonNode expected = reference.at(model(latentChannels) + "/eval");
    ComputationGraph graph = graph(latentChannels, backend, reference);
    byte[][] images = {PyTorchWeights.image(0), PyTorchWeights.image(1), PyTorchWeights.image(2)};
    var reconstructions =
        new ImageReconstructor(graph, ImageReconstructor.Latent.SAMPLE, 7)
            .reconstruct(new int[] {0, 1, 2}, images);
    for (int n = 0; n < 3; n++) {
      assertThat(reconstructions.get(n).bceNatsPerPixel())
          .isCloseTo(expected.get("bce_per_image").get(n).asDouble(), LOSS);
      double kl = expected.get("kl_per_image").get(n).asDouble();
      assertThat(reconstructions.get(n).klNatsPerImage()).isCloseTo(kl, within(1e-5 * kl));
    }
    float[] pixels = reconstructions.get(2).pixels();
    for (int p = 0; p < pixels.length; p++) {
      assertThat((double) pixels[p])
          .isCloseTo(expected.get("reconstruction_image2").get(p).asDouble(), PIXEL);
    }
  }

  @ParameterizedTest
  @CsvSource({"256, CPU", "256, DL4J", "16, CPU", "16, DL4J"})
  void batchNormStatisticsMatchAfterAStep(int latentChannels, LayerBackend backend)
      throws IOException {
    JsonNode reference = reference();
    JsonNode expected = reference.at(model(latentChannels) + "/train/norms");
    ComputationGraph graph = graph(latentChannels, backend, reference);
    int[] width = {5, 6, 7};
    graph.fit(minibatch(3));
    for (int k = 1; k <= 3; k++) {
      JsonNode block = expected.get("block" + k);
      INDArray mean = graph.getLayer(name("block" + k + "_norm", backend)).getParam("mean");
      INDArray log10Deviation =
          graph.getLayer(name("block" + k + "_norm", backend)).getParam("log10stdev");
      double samples = 3 * 86 * width[k - 1];
      double before =
          1 + PyTorchWeights.tensor("block" + k + ".norm.running_var", 0.5, 1).getDouble(0);
      double unbiased = block.at("/running_var/first/0").asDouble();
      // PyTorch stores the unbiased variance, Deeplearning4j the biased one.
      double biased = 0.9 * before + (unbiased - 0.9 * before) * (samples - 1) / samples;
      assertThat(mean.getDouble(0))
          .isCloseTo(block.at("/running_mean/first/0").asDouble(), within(1e-5));
      assertThat(Math.pow(10, 2 * log10Deviation.getDouble(0))).isCloseTo(biased, within(1e-5));
    }
  }

  /** Returns the name in the backend. The CPU backend has one layer per decoder block. */
  private static String name(String dl4jName, LayerBackend backend) {
    return backend == LayerBackend.CPU ? dl4jName.replaceFirst("_deconv|_norm", "") : dl4jName;
  }

  private static String model(int latentChannels) {
    return latentChannels == 256 ? "/model1" : "/model2";
  }

  private static void assertPixels(INDArray reconstruction, int image, JsonNode expected) {
    for (int row = 0; row < 28; row++) {
      for (int column = 0; column < 28; column++) {
        assertThat(reconstruction.getDouble(image, row, column))
            .as("row %d column %d", row, column)
            .isCloseTo(expected.get(row * 28 + column).asDouble(), PIXEL);
      }
    }
  }
}
