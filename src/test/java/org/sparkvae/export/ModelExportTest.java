package org.sparkvae.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.PyTorchWeights;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.testing.SmallModels;

/** Compares exported files with the same weights in PyTorch. */
class ModelExportTest {
  private static final ModelConfig MODEL_2 = new ModelConfig(16, 0, 0.5, 0.001, 5);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A safetensors file, parsed according to the specification of the format. */
  private static final class ParsedFile {
    final JsonNode header;
    final ByteBuffer values;
    final long headerBytes;

    ParsedFile(byte[] file) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      headerBytes = bytes.getLong();
      byte[] text = new byte[(int) headerBytes];
      bytes.get(text);
      header = JSON.readTree(new String(text, StandardCharsets.UTF_8));
      values = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    float value(String name, int index) {
      int offset = header.at("/" + name + "/data_offsets/0").asInt();
      return values.getFloat(offset + Float.BYTES * index);
    }
  }

  private static ParsedFile export(LayerBackend backend) throws IOException {
    ComputationGraph graph = SmallModels.untrained(MODEL_2, LayerBackend.DL4J);
    PyTorchWeights.load(graph, MODEL_2);
    return new ParsedFile(
        ModelExport.weights(
            VaeGraph.withBackend(backend, graph, MODEL_2), MODEL_2, Map.of("run_id", "r")));
  }

  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void tensorsMatchPyTorch(LayerBackend backend) throws IOException {
    JsonNode weights;
    try (InputStream file = ModelExportTest.class.getResourceAsStream("/pytorch-reference.json")) {
      weights = JSON.readTree(file).at("/model2/weights");
    }
    ParsedFile parsed = export(backend);
    List<String> names = new ArrayList<>(List.of("__metadata__"));
    weights.fieldNames().forEachRemaining(names::add);
    assertThat(parsed.header.fieldNames()).toIterable().containsExactlyElementsOf(names);
    weights
        .fields()
        .forEachRemaining(
            weight -> {
              String name = weight.getKey();
              assertThat(parsed.header.get(name).get("shape"))
                  .as(name)
                  .isEqualTo(weight.getValue().get("shape"));
              for (int i = 0; i < weight.getValue().get("index").size(); i++) {
                int index = weight.getValue().get("index").get(i).asInt();
                double expected = expectedValue(weights, name, i);
                assertThat((double) parsed.value(name, index))
                    .as("%s[%d]", name, index)
                    .isCloseTo(expected, within(2e-6));
              }
            });
  }

  /**
   * Returns PyTorch's value. Deeplearning4j's LSTM has one bias, which is the sum of PyTorch's two.
   */
  private static double expectedValue(JsonNode weights, String name, int i) {
    return switch (name) {
      case "lstm.bias_ih_l0" ->
          weights.get(name).get("value").get(i).asDouble()
              + weights.get("lstm.bias_hh_l0").get("value").get(i).asDouble();
      case "lstm.bias_hh_l0" -> 0;
      default -> weights.get(name).get("value").get(i).asDouble();
    };
  }

  @Test
  void tensorsAreContiguousAfterAnAlignedHeader() throws IOException {
    ParsedFile parsed = export(LayerBackend.CPU);
    assertThat(parsed.headerBytes % 8).isZero();
    assertThat(parsed.header.at("/__metadata__/run_id").asText()).isEqualTo("r");
    long end = 0;
    for (JsonNode tensor : parsed.header) {
      if (tensor.has("data_offsets")) {
        assertThat(tensor.get("dtype").asText()).isEqualTo("F32");
        assertThat(tensor.at("/data_offsets/0").asLong()).isEqualTo(end);
        long values = 1;
        for (JsonNode size : tensor.get("shape")) {
          values *= size.asLong();
        }
        end += 4 * values;
        assertThat(tensor.at("/data_offsets/1").asLong()).isEqualTo(end);
      }
    }
    assertThat(parsed.values.capacity()).isEqualTo(end);
  }

  @Test
  void exportsEachDecoderBlock() throws IOException {
    ModelConfig config = new ModelConfig(4, List.of(3, 2, 2, 1), 0, 0.5, 0, 0.001, 1, 5);
    JsonNode header =
        new ParsedFile(ModelExport.weights(SmallModels.untrained(config), config, Map.of())).header;
    assertThat(header.at("/block4.deconv.weight/shape").toString()).isEqualTo("[2,1,5,5]");
    assertThat(header.at("/block4.norm.running_var/shape").toString()).isEqualTo("[1]");
    assertThat(header.has("block5.deconv.weight")).isFalse();
  }

  @Test
  void descriptionContainsSettingsAndSteps() throws IOException {
    JsonNode description =
        JSON.readTree(ModelExport.description(MODEL_2, Map.of("model_sha256", "abc")));
    assertThat(description.get("model_sha256").asText()).isEqualTo("abc");
    assertThat(description.at("/architecture/latent_size").asInt()).isEqualTo(16);
    assertThat(description.at("/noise/seed").asInt()).isEqualTo(5);
    assertThat(description.get("steps").size()).isGreaterThan(10);
  }
}
