package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sparkvae.model.ModelConfig.DECODER_CHANNELS;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TimeZone;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.sparkvae.config.Precision;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.testing.SmallModels;

class ModelFileTest {
  private static byte[] write(ComputationGraph model) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelFile.write(model, bytes);
    return bytes.toByteArray();
  }

  @Test
  void sameModelGivesTheSameBytes() throws Exception {
    ComputationGraph model = SmallModels.untrained(new ModelConfig(4, 0.1, 0.5, 0.001, 5));
    byte[] first = write(model);
    // Times in a zip archive have a resolution of two seconds.
    Thread.sleep(2100);
    assertThat(write(model)).isEqualTo(first);
    assertThat(write(ModelFile.read(first))).isEqualTo(first);
    TimeZone original = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      assertThat(write(model)).isEqualTo(first);
    } finally {
      TimeZone.setDefault(original);
    }
  }

  private static ComputationGraph readBack(ModelConfig config, LayerBackend backend)
      throws IOException {
    return ModelFile.read(write(VaeGraphTest.graph(config, backend)));
  }

  private static void assertRejected(ComputationGraph found, ModelConfig expected, String reason) {
    assertThatThrownBy(() -> ModelFile.checkConfig(found, expected))
        .isInstanceOf(InputDataException.class)
        .hasMessage(reason);
  }

  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void namesTheSettingThatDiffers(LayerBackend backend) throws IOException {
    ModelConfig scheduled = new ModelConfig(4, DECODER_CHANNELS, 0.1, 0.5, 3, 0.001, 0.9, 5);
    ModelFile.checkConfig(readBack(scheduled, backend), scheduled);
    ModelConfig constant = new ModelConfig(4, 0.1, 0.5, 0.001, 5);
    ComputationGraph read = readBack(constant, backend);
    ModelFile.checkConfig(read, constant);
    assertRejected(
        read,
        new ModelConfig(6, 0.1, 0.5, 0.001, 5),
        "its layer 'mean' has 4 output channels, expected 6");
    assertRejected(
        read, new ModelConfig(4, 0.1, 0.6, 0.001, 5), "its layer 'z' has lambda 0.5, expected 0.6");
    assertRejected(
        read,
        new ModelConfig(4, 0.1, 0.5, 0.002, 5),
        "its layer 'lstm' has learningRate 0.001, expected 0.002");
    assertRejected(
        read, new ModelConfig(4, 0.1, 0.5, 0.001, 6), "its layer 'lstm' has seed 5, expected 6");
    assertRejected(
        read,
        new ModelConfig(4, DECODER_CHANNELS, 0.1, 0.5, 1, 0.001, 1, 5),
        "its layer 'z' has warmUp none, expected 1");
    assertThatThrownBy(
            () ->
                ModelFile.checkConfig(
                    read, new ModelConfig(4, DECODER_CHANNELS, 0.1, 0.5, 0, 0.001, 0.9, 5)))
        .hasMessageMatching("its layer 'lstm' has learningRate\\w* .+, expected .+");
    assertThatThrownBy(() -> ModelFile.checkConfig(read, new ModelConfig(4, 0.2, 0.5, 0.001, 5)))
        .hasMessageMatching("its layer 'block1\\w*' has \\w+ 0.[19], expected 0.[28]");
    ModelFile.checkConfig(read, new ModelConfig(4, 0.1, 0.5, 0.001, 6), "seed");
    assertThatThrownBy(
            () -> ModelFile.checkConfig(read, new ModelConfig(6, 0.1, 0.5, 0.001, 6), "seed"))
        .isInstanceOf(InputDataException.class);
  }

  @Test
  void keepsThePrecision() throws IOException {
    ModelConfig bfloat16 =
        new ModelConfig(4, DECODER_CHANNELS, 0.1, 0.5, 0, 0.001, 1, 5, Precision.BFLOAT16);
    ComputationGraph read = readBack(bfloat16, LayerBackend.CPU);
    ModelFile.checkConfig(read, bfloat16);
    assertRejected(
        read,
        new ModelConfig(4, 0.1, 0.5, 0.001, 5),
        "its layer 'block1' has precision \"BFLOAT16\", expected none");
  }

  @Test
  void namesTheDropoutLayersThatAreMissing() throws IOException {
    assertRejected(
        readBack(new ModelConfig(4, List.of(3, 1), 0, 0.5, 0, 0.001, 1, 5), LayerBackend.DL4J),
        ModelConfigTest.withDecoder(3, 1),
        "it has no layer 'block1_dropout', 'block2_dropout'");
  }

  /** Compares every pair of several decoders. */
  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void namesTheDecoderBlockThatDiffers(LayerBackend backend) throws IOException {
    List<ModelConfig> configs =
        List.of(
            ModelConfigTest.withDecoder(1),
            ModelConfigTest.withDecoder(3, 1),
            ModelConfigTest.withDecoder(2, 1),
            ModelConfigTest.withDecoder(3, 2, 1),
            ModelConfigTest.withDecoder(3, 3, 1),
            ModelConfigTest.withDecoder(3, 3, 2, 1),
            ModelConfigTest.withDecoder(3, 1, 1, 1, 1, 1, 1, 1, 1));
    for (ModelConfig found : configs) {
      ComputationGraph model = readBack(found, backend);
      ModelFile.checkConfig(model, found);
      for (ModelConfig expected : configs) {
        if (!expected.equals(found)) {
          assertThatThrownBy(() -> ModelFile.checkConfig(model, expected))
              .isInstanceOf(InputDataException.class)
              .hasMessageMatching(difference(found, expected, backend));
        }
      }
    }
  }

  private static String difference(ModelConfig found, ModelConfig expected, LayerBackend backend) {
    List<Integer> channels = found.decoderChannels();
    List<Integer> others = expected.decoderChannels();
    int common = Math.min(channels.size(), others.size());
    if (channels.size() != others.size()) {
      return "it has %s layer 'block%d.*"
          .formatted(channels.size() > others.size() ? "the unexpected" : "no", common + 1);
    }
    int first = 0;
    while (channels.get(first).equals(others.get(first))) {
      first++;
    }
    return "its layer 'block%d%s' has %d output channels, expected %d"
        .formatted(
            first + 1,
            backend == LayerBackend.DL4J ? "_deconv" : "",
            channels.get(first),
            others.get(first));
  }

  @Test
  void namesTheSamplingLayerThatIsMissing() throws IOException {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .updater(new Adam(0.001))
            .weightInit(new UniformDistribution(-1, 1))
            .graphBuilder()
            .addInputs(VaeGraph.IMAGE)
            .addLayer("lstm", new LSTM.Builder().nIn(28).nOut(32).build(), VaeGraph.IMAGE)
            .addLayer(
                VaeGraph.OUTPUT,
                new RnnOutputLayer.Builder(new PixelCrossEntropy(784))
                    .nIn(32)
                    .nOut(28)
                    .activation(Activation.SIGMOID)
                    .build(),
                "lstm")
            .setOutputs(VaeGraph.OUTPUT)
            .build();
    ComputationGraph model = new ComputationGraph(configuration);
    model.init();
    byte[] archive = ModelFile.forInference(model);
    assertThatThrownBy(() -> ModelFile.read(archive))
        .isInstanceOf(InputDataException.class)
        .hasMessage("it has no sampling layer 'z'");
  }

  @Test
  void namesTheLayersThatNoVersionHas() throws IOException {
    byte[] tenBlocks =
        write(
            VaeGraphTest.graph(
                ModelConfigTest.withDecoder(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), LayerBackend.CPU));
    assertThatThrownBy(() -> ModelFile.read(tenBlocks))
        .isInstanceOf(InputDataException.class)
        .hasMessageMatching("its configuration contains the unexpected name 'block10\\w*'");
  }

  /** Models that earlier versions wrote contain exactly this text. */
  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void keepsTheConfigurationOfEarlierVersions(LayerBackend backend) throws IOException {
    ModelConfig model1 = new ModelConfig(256, List.of(128, 64, 1), 0.01, 0.5, 0, 0.001, 1, 42);
    try (InputStream file =
        ModelFileTest.class.getResourceAsStream(
            "/configurations-of-49720f0/%s.json".formatted(backend))) {
      assertThat(VaeGraphTest.graph(model1, backend).getConfiguration().toJson())
          .isEqualTo(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /**
   * Otherwise the configuration of models of earlier versions would differ from that of their run's
   * settings.
   */
  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void omitsSchedulesThatAreNotUsed(LayerBackend backend) {
    ModelConfig constant = new ModelConfig(4, 0.1, 0.5, 0.001, 5);
    assertThat(VaeGraphTest.graph(constant, backend).getConfiguration().toJson())
        .contains("\"lambda\"", "\"learningRate\"")
        .doesNotContain("warmUp", "ExponentialSchedule");
  }

  /** Models of earlier versions contain these names. */
  @ParameterizedTest
  @CsvSource({"CPU, CPU", "DL4J, STOCK"})
  void keepsTheNamesOfLayerBackendsInArchives(LayerBackend backend, String name) {
    ModelConfig config = new ModelConfig(4, 0.1, 0.5, 0.001, 5);
    assertThat(VaeGraphTest.graph(config, backend).getConfiguration().toJson())
        .containsPattern("\"layers\"\\s*:\\s*\"" + name + "\"");
  }
}
