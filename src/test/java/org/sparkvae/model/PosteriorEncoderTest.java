package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.testing.SmallModels;

class PosteriorEncoderTest {
  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void meansAreStoredRowByRowWithChannelsLast(LayerBackend backend) {
    ComputationGraph model = SmallModels.untrained(SmallModels.CONFIG, backend);
    byte[][] images = new byte[2][ImageShape.PIXELS];
    for (int i = 0; i < ImageShape.PIXELS; i++) {
      images[0][i] = (byte) (i % 251);
      images[1][i] = (byte) (i % 7 * 30);
    }
    float[][] means = new PosteriorEncoder(model).means(images);
    long[] keys = {NoiseKey.NONE, NoiseKey.NONE};
    INDArray expected =
        model.feedForward(new Minibatch(images, keys).getFeatures(), false).get(VaeGraph.MEAN);
    assertThat(means).hasDimensions(2, 28 * 4);
    for (int n = 0; n < 2; n++) {
      for (int row = 0; row < 28; row++) {
        for (int channel = 0; channel < 4; channel++) {
          assertThat(means[n][row * 4 + channel]).isEqualTo(expected.getFloat(n, channel, row));
        }
      }
    }
  }
}
