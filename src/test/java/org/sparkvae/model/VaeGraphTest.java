package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.testing.SmallModels;

class VaeGraphTest {
  static final ModelConfig MODEL_1 = new ModelConfig(256, 0.01, 0.5, 0.001, 42);
  static final ModelConfig MODEL_2 = new ModelConfig(16, 0, 0.5, 0.001, 42);

  static Minibatch minibatch(int size) {
    byte[][] images = new byte[size][];
    long[] keys = new long[size];
    for (int n = 0; n < size; n++) {
      images[n] = PyTorchWeights.image(n);
      keys[n] = NoiseKey.of(1, 1, n);
    }
    return new Minibatch(images, keys);
  }

  static ComputationGraph graph(ModelConfig config) {
    return graph(config, LayerBackend.CPU);
  }

  static ComputationGraph graph(ModelConfig config, LayerBackend backend) {
    return SmallModels.untrained(config, backend);
  }

  private static Map<String, INDArray> activations(ModelConfig config, LayerBackend backend) {
    return graph(config, backend).feedForward(minibatch(2).getFeatures(), false);
  }

  @Test
  void initialBiasesOfTheOutputAreNegative() {
    ComputationGraph untrained = VaeGraph.untrained(MODEL_2);

    INDArray bias = untrained.getLayer(VaeGraph.OUTPUT).getParam("b");
    assertThat(bias.toDoubleVector())
        .hasSize(28)
        .containsOnly(new double[] {-1 / Math.sqrt(3)}, within(1e-6));
    bias.assign(0);
    assertThat(untrained.params()).isEqualTo(graph(MODEL_2).params());
  }

  @Test
  void shapesOfModel1MatchTable2() {
    Map<String, INDArray> activations = activations(MODEL_1, LayerBackend.DL4J);
    // Deeplearning4j's time dimension is last: [minibatch, size, 28 rows] is the reference's 28 ×
    // size.
    assertShape(activations, "lstm", 2, 32, 28);
    assertShape(activations, "relu", 2, 32, 28);
    assertShape(activations, "mean", 2, 256, 28);
    assertShape(activations, "log_var", 2, 256, 28);
    assertShape(activations, "z", 2, 256, 28, 1);
    assertShape(activations, "block1_deconv", 2, 128, 86, 5);
    assertShape(activations, "block1_norm", 2, 128, 86, 5);
    assertShape(activations, "block1_pool", 2, 128, 28, 2);
    assertShape(activations, "block1_dropout", 2, 128, 28, 2);
    assertShape(activations, "block2_deconv", 2, 64, 86, 6);
    assertShape(activations, "block2_dropout", 2, 64, 28, 3);
    assertShape(activations, "block3_deconv", 2, 1, 86, 7);
    assertShape(activations, "block3_dropout", 2, 1, 28, 3);
    assertShape(activations, "output", 2, 28, 28);
  }

  @Test
  void shapesOfModel2MatchTable2() {
    Map<String, INDArray> activations = activations(MODEL_2, LayerBackend.DL4J);
    assertShape(activations, "mean", 2, 16, 28);
    assertShape(activations, "z", 2, 16, 28, 1);
    assertShape(activations, "block1_pool", 2, 128, 28, 2);
    assertShape(activations, "block2_pool", 2, 64, 28, 3);
    assertShape(activations, "block3_pool", 2, 1, 28, 3);
    assertShape(activations, "output", 2, 28, 28);
    assertThat(activations.keySet()).noneMatch(name -> name.contains("dropout"));
  }

  @Test
  void shapesOfFusedBlocksMatchTable2() {
    Map<String, INDArray> activations = activations(MODEL_1, LayerBackend.CPU);
    assertShape(activations, "lstm", 2, 32, 28);
    assertShape(activations, "log_var", 2, 256, 28);
    assertShape(activations, "z", 2, 256, 28, 1);
    assertShape(activations, "block1", 2, 128, 28, 2);
    assertShape(activations, "block2", 2, 64, 28, 3);
    assertShape(activations, "block3", 2, 1, 28, 3);
    assertShape(activations, "output", 2, 28, 28);
  }

  @Test
  void model1HasTheReferencesNumberOfParameters() {
    long lstm = 4L * 32 * (28 + 32 + 1);
    long heads = 2L * 256 * (32 + 1);
    long convolutions = 25L * (256 * 128 + 128 * 64 + 64) + 128 + 64 + 1;
    long norms = 4L * (128 + 64 + 1);
    assertThat(graph(MODEL_1).numParams())
        .isEqualTo(lstm + heads + convolutions + norms + 28 * (3 + 1));
  }

  /**
   * Returns the output size of a transposed convolution along one dimension by the reference's
   * formula: (input − 1) · stride + kernel − 2 · padding + output padding.
   */
  private static int transposedConvolutionSize(
      int input, int stride, int kernel, int padding, int outputPadding) {
    return (input - 1) * stride + kernel - 2 * padding + outputPadding;
  }

  @ParameterizedTest
  @CsvSource({
    "block1_deconv, 28, 1, 86, 5",
    "block2_deconv, 28, 2, 86, 6",
    "block3_deconv, 28, 3, 86, 7"
  })
  void outputSizeFormulaMatchesTheLayers(
      String layer, int heightIn, int widthIn, int height, int width) {
    assertThat(transposedConvolutionSize(heightIn, 3, 5, 0, 0)).isEqualTo(height);
    assertThat(transposedConvolutionSize(widthIn, 1, 5, 0, 0)).isEqualTo(width);
    long[] shape = activations(MODEL_2, LayerBackend.DL4J).get(layer).shape();
    assertThat(shape[2]).isEqualTo(height);
    assertThat(shape[3]).isEqualTo(width);
  }

  @Test
  void sameSeedGivesTheSameWeights() {
    assertThat(graph(MODEL_2).params()).isEqualTo(graph(MODEL_2).params());
    ModelConfig other = new ModelConfig(16, 0, 0.5, 0.001, 43);
    assertThat(graph(other).params()).isNotEqualTo(graph(MODEL_2).params());
  }

  @Test
  void isUnchangedAfterWritingAndReading() throws IOException {
    ComputationGraph graph = graph(MODEL_1);
    graph.fit(minibatch(3));
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    ModelFile.write(graph, archive);
    ComputationGraph copy = ModelFile.read(archive.toByteArray());
    assertThat(copy.params()).isEqualTo(graph.params());
    assertThat(copy.getUpdater().getStateViewArray())
        .isEqualTo(graph.getUpdater().getStateViewArray());
    assertThat(copy.getConfiguration().getIterationCount()).isEqualTo(1);
    assertThat(copy.score(minibatch(3), false)).isEqualTo(graph.score(minibatch(3), false));
  }

  @Test
  void trainsAfterJavaSerialization() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(VaeGraph.autoEncoderConfiguration(MODEL_1));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      ComputationGraph copy = new ComputationGraph((ComputationGraphConfiguration) in.readObject());
      copy.init();
      copy.fit(minibatch(2));
      ComputationGraph original = graph(MODEL_1);
      original.fit(minibatch(2));
      assertThat(copy.score()).isEqualTo(original.score());
    }
  }

  private static void assertShape(Map<String, INDArray> activations, String name, long... shape) {
    assertThat(activations.get(name).shape()).as(name).containsExactly(shape);
  }
}
