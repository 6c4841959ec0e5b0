package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.TimeZone;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
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

  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void rejectsModelsOfOtherConfigurations(LayerBackend backend) throws IOException {
    ModelConfig scheduled = new ModelConfig(4, 0.1, 0.5, 3, 0.001, 0.9, 5);
    ModelFile.checkConfig(readBack(scheduled, backend), scheduled);
    ModelConfig constant = new ModelConfig(4, 0.1, 0.5, 0.001, 5);
    ComputationGraph read = readBack(constant, backend);
    ModelFile.checkConfig(read, constant);
    for (ModelConfig other :
        List.of(
            new ModelConfig(6, 0.1, 0.5, 0.001, 5),
            new ModelConfig(4, 0.2, 0.5, 0.001, 5),
            new ModelConfig(4, 0.1, 0.6, 0.001, 5),
            new ModelConfig(4, 0.1, 0.5, 0.002, 5),
            new ModelConfig(4, 0.1, 0.5, 0.001, 6),
            new ModelConfig(4, 0.1, 0.5, 1, 0.001, 1, 5),
            new ModelConfig(4, 0.1, 0.5, 0, 0.001, 0.9, 5))) {
      assertThatThrownBy(() -> ModelFile.checkConfig(read, other))
          .isInstanceOf(InputDataException.class);
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
