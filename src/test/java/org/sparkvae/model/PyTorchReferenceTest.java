package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Map;
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

  private static ModelConfig config(int latentChannels, JsonNode reference) {
    return new ModelConfig(
        latentChannels, 0, reference.at("/settings/lambda").asDouble(), 1e-12, 1);
  }

  private static ComputationGraph graph(
      int latentChannels, LayerBackend backend, JsonNode reference) {
    ModelConfig config = config(latentChannels, reference);
    ComputationGraph graph = SmallModels.untrained(config, LayerBackend.DL4J);
    PyTorchWeights.load(graph, config);
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
    Iterator<Map.Entry<String, JsonNode>> gradients = expected.fields();
    while (gradients.hasNext()) {
      Map.Entry<String, JsonNode> gradient = gradients.next();
      String parameter = name(dl4jName(gradient.getKey()), backend);
      double norm = graph.gradient().getGradientFor(parameter).norm2Number().doubleValue() / 3;
      double reference = gradient.getValue().get("l2").asDouble();
      assertThat(norm).as(parameter).isCloseTo(reference, within(1e-3 * reference));
    }
  }

  /** Returns Deeplearning4j's name of a parameter, such as block1_norm_gamma. */
  private static String dl4jName(String pyTorchName) {
    return pyTorchName
        .replaceFirst("weight_ih_l0$", "W")
        .replaceFirst("weight_hh_l0$", "RW")
        .replaceFirst("bias_[ih]h_l0$", "b")
        .replaceFirst("norm.weight$", "norm.gamma")
        .replaceFirst("norm.bias$", "norm.beta")
        .replaceFirst("weight$", "W")
        .replaceFirst("bias$", "b")
        .replace('.', '_');
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
    graph.fit(minibatch(3));
    for (DecoderBlockConfig config : config(latentChannels, reference).decoderBlocks()) {
      JsonNode block = expected.get(config.name());
      INDArray mean = graph.getLayer(name(config.name() + "_norm", backend)).getParam("mean");
      INDArray log10Deviation =
          graph.getLayer(name(config.name() + "_norm", backend)).getParam("log10stdev");
      double samples = 3 * 86 * (config.inColumns() + 4);
      double before =
          1 + PyTorchWeights.tensor(config.name() + ".norm.running_var", 0.5, 1).getDouble(0);
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
