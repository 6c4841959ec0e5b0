package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.TimeZone;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;

class ModelFileTest {
  private static byte[] written(ComputationGraph model) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelFile.write(model, bytes);
    return bytes.toByteArray();
  }

  @Test
  void theSameModelGivesTheSameBytesHoweverOftenItIsWritten() throws Exception {
    ComputationGraph model =
        new ComputationGraph(VaeGraph.autoEncoder(new Architecture(4, 0.1, 0.5, 0.001, 5)));
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
}
