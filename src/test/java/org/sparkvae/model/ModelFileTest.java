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
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkvae.exception.InputDataException;

class ModelFileTest {
  private static byte[] written(ComputationGraph model) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelFile.write(model, bytes);
    return bytes.toByteArray();
  }

  @Test
  void theSameModelGivesTheSameBytesHoweverOftenItIsWritten() throws Exception {
    ComputationGraph model =
        new ComputationGraph(VaeGraph.autoEncoder(new ModelConfig(4, 0.1, 0.5, 0.001, 5)));
    model.init();
    byte[] first = written(model);
    // A zip archive counts in steps of two seconds.
    Thread.sleep(2100);
    assertThat(written(model)).isEqualTo(first);
    assertThat(written(ModelFile.read(first))).isEqualTo(first);
    TimeZone here = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      assertThat(written(model)).isEqualTo(first);
    } finally {
      TimeZone.setDefault(here);
    }
  }

  private static ComputationGraph readBack(ModelConfig architecture, LayerBackend layers)
      throws IOException {
    return ModelFile.read(written(VaeGraphTest.graph(architecture, layers)));
  }

  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void aModelIsTakenForThatOfItsArchitectureAlone(LayerBackend layers) throws IOException {
    ModelConfig changing = new ModelConfig(4, 0.1, 0.5, 3, 0.001, 0.9, 5);
    ModelFile.check(readBack(changing, layers), changing);
    ModelConfig own = new ModelConfig(4, 0.1, 0.5, 0.001, 5);
    ComputationGraph read = readBack(own, layers);
    ModelFile.check(read, own);
    for (ModelConfig other :
        List.of(
            new ModelConfig(6, 0.1, 0.5, 0.001, 5),
            new ModelConfig(4, 0.2, 0.5, 0.001, 5),
            new ModelConfig(4, 0.1, 0.6, 0.001, 5),
            new ModelConfig(4, 0.1, 0.5, 0.002, 5),
            new ModelConfig(4, 0.1, 0.5, 0.001, 6),
            new ModelConfig(4, 0.1, 0.5, 1, 0.001, 1, 5),
            new ModelConfig(4, 0.1, 0.5, 0, 0.001, 0.9, 5))) {
      assertThatThrownBy(() -> ModelFile.check(read, other)).isInstanceOf(InputDataException.class);
    }
  }

  /** Else models of earlier versions were of other settings than their run's. */
  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void whatDoesNotChangeByTheEpochIsWrittenAsBeforeItCould(LayerBackend layers) {
    ModelConfig constant = new ModelConfig(4, 0.1, 0.5, 0.001, 5);
    assertThat(VaeGraphTest.graph(constant, layers).getConfiguration().toJson())
        .contains("\"lambda\"", "\"learningRate\"")
        .doesNotContain("warmUp", "ExponentialSchedule");
  }
}
