package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkvae.model.ImageDecoder.Latent;

class LatentDecoderTest {
  private static final Architecture SMALL = new Architecture(4, 0.01, 0.5, 0.001, 5);

  /** The mean of an image's posterior is decoded as the whole auto-encoder decodes it. */
  @ParameterizedTest
  @EnumSource(Layers.class)
  void decodesAsTheAutoEncoder(Layers layers) {
    ComputationGraph model = new ComputationGraph(VaeGraph.autoEncoder(SMALL, layers));
    model.init();
    model.getLayer(VaeGraph.MEAN).params().muli(20);
    byte[][] images = {PyTorchWeights.image(0), PyTorchWeights.image(1)};
    float[][] means = new PosteriorEncoder(model).means(images);
    List<float[]> decoded = new LatentDecoder(model, SMALL).decode(List.of(means));
    List<Reconstruction> expected =
        new ImageDecoder(model, Latent.MEAN, 1).reconstruct(new int[] {0, 1}, images);
    assertThat(decoded.get(0)).isNotEqualTo(decoded.get(1));
    for (int n = 0; n < images.length; n++) {
      assertThat(decoded.get(n)).containsExactly(expected.get(n).pixels(), within(1e-5f));
    }
  }
}
