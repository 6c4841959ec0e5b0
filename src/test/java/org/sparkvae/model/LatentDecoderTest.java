package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.testing.SmallModels;

class LatentDecoderTest {
  private static final float ROUNDING = 1e-5f;
  private static final ModelConfig SMALL = new ModelConfig(4, 0.01, 0.5, 0.001, 5);

  /** Compares decoded posterior means with the output of the auto-encoder. */
  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void matchesTheAutoEncoder(LayerBackend backend) {
    ComputationGraph model = SmallModels.untrained(SMALL, backend);
    model.getLayer(VaeGraph.MEAN).params().muli(20);
    byte[][] images = {PyTorchWeights.image(0), PyTorchWeights.image(1)};
    float[][] means = new PosteriorEncoder(model).means(images);
    List<float[]> decoded = new LatentDecoder(model, SMALL).decode(List.of(means));
    List<Reconstruction> expected =
        new ImageReconstructor(model, Latent.MEAN, 1).reconstruct(new int[] {0, 1}, images);
    assertThat(decoded.get(0)).isNotEqualTo(decoded.get(1));
    for (int n = 0; n < images.length; n++) {
      assertThat(decoded.get(n)).containsExactly(expected.get(n).pixels(), within(ROUNDING));
    }
  }

  /**
   * Shows why samples of the prior N(0, I) do not look like digits: latent rows are independent, so
   * image rows with a distance of more than the number of blocks are independent too.
   */
  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void imageRowDependsOnlyOnItsLatentRowAndOneAbovePerBlock(LayerBackend backend) {
    int changedRow = 11;
    ComputationGraph model = SmallModels.untrained(SMALL, backend);
    Random random = new Random(1);
    float[] z = new float[ImageShape.ROWS * SMALL.latentChannels()];
    for (int element = 0; element < z.length; element++) {
      z[element] = (float) random.nextGaussian();
    }
    float[] other = z.clone();
    for (int channel = 0; channel < SMALL.latentChannels(); channel++) {
      other[changedRow * SMALL.latentChannels() + channel] = (float) random.nextGaussian();
    }
    List<float[]> decoded = new LatentDecoder(model, SMALL).decode(List.of(z, other));
    assertThat(
            IntStream.range(0, ImageShape.PIXELS)
                .filter(pixel -> Math.abs(decoded.get(0)[pixel] - decoded.get(1)[pixel]) > ROUNDING)
                .map(pixel -> pixel / ImageShape.COLUMNS))
        .isNotEmpty()
        .allMatch(row -> row >= changedRow && row <= changedRow + SMALL.decoderBlocks().size());
  }
}
