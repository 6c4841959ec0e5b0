package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.sparkvae.model.ImageReconstructor.Latent;

class ImageReconstructorTest {
  private final ComputationGraph graph = VaeGraphTest.graph(VaeGraphTest.MODEL_2);

  @Test
  void reconstructionDoesNotDependOnTheMinibatch() {
    byte[][] images = {PyTorchWeights.image(0), PyTorchWeights.image(1), PyTorchWeights.image(2)};
    ImageReconstructor reconstructor = new ImageReconstructor(graph, Latent.SAMPLE, 7);
    List<Reconstruction> together = reconstructor.reconstruct(new int[] {10, 11, 12}, images);
    Reconstruction alone =
        reconstructor.reconstruct(new int[] {11}, new byte[][] {images[1]}).get(0);
    assertThat(alone.pixels()).containsExactly(together.get(1).pixels(), within(1e-6f));
    assertThat(alone.klNatsPerImage()).isCloseTo(together.get(1).klNatsPerImage(), within(1e-5));
  }

  @Test
  void noiseDependsOnImageIdAndSeed() {
    byte[][] images = {PyTorchWeights.image(0), PyTorchWeights.image(0)};
    List<Reconstruction> samples =
        new ImageReconstructor(graph, Latent.SAMPLE, 7).reconstruct(new int[] {1, 2}, images);
    assertThat(samples.get(0).pixels()).isNotEqualTo(samples.get(1).pixels());
    List<Reconstruction> samplesOfOtherSeed =
        new ImageReconstructor(graph, Latent.SAMPLE, 8).reconstruct(new int[] {1, 2}, images);
    assertThat(samplesOfOtherSeed.get(0).pixels()).isNotEqualTo(samples.get(0).pixels());
    List<Reconstruction> means =
        new ImageReconstructor(graph, Latent.MEAN, 7).reconstruct(new int[] {1, 2}, images);
    assertThat(means.get(0).pixels()).containsExactly(means.get(1).pixels(), within(1e-6f));
  }

  @Test
  void crossEntropyMatchesManualCalculation() {
    byte[] image = new byte[] {(byte) 255, 0, (byte) 128};
    float[] probabilities = {0.5f, 0.25f, 0.8f};
    double y = 128 / 255.0;
    double expected =
        -(Math.log(0.5) + Math.log(0.75) + y * Math.log(0.8) + (1 - y) * Math.log(0.2)) / 3;
    assertThat(ImageReconstructor.crossEntropy(image, probabilities))
        .isCloseTo(expected, within(1e-7));
  }

  @Test
  void crossEntropyIsFiniteForProbabilitiesOfZeroAndOne() {
    assertThat(ImageReconstructor.crossEntropy(new byte[] {0, (byte) 255}, new float[] {1, 0}))
        .isCloseTo(25 * Math.log(2), within(1e-9));
  }
}
