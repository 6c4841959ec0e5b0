package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.testing.SmallModels;

class ImportanceSamplerTest {
  private static final int DRAWS = 100;

  private static byte[] image() {
    byte[] image = new byte[ImageShape.PIXELS];
    for (int i = 200; i < 500; i++) {
      image[i] = (byte) (i % 251);
    }
    return image;
  }

  /** E[log w] is the ELBO, minus the sum of cross-entropy and KL divergence. */
  @ParameterizedTest
  @EnumSource(LayerBackend.class)
  void meanLogWeightIsTheElbo(LayerBackend backend) {
    byte[][] images = new byte[DRAWS][];
    Arrays.fill(images, image());
    int[] ids = IntStream.range(0, DRAWS).toArray();
    ComputationGraph model = SmallModels.withDistinctPosteriors(backend);
    double[] logWeights =
        Arrays.stream(
                new ImportanceSampler(model, SmallModels.CONFIG, 3).logWeights(ids, images, 1))
            .mapToDouble(weights -> weights[0])
            .toArray();
    double mean = Arrays.stream(logWeights).average().orElseThrow();
    double variance = Arrays.stream(logWeights).map(w -> (w - mean) * (w - mean)).sum() / DRAWS;
    List<Reconstruction> reconstructions =
        new ImageReconstructor(model, Latent.SAMPLE, 4).reconstruct(ids, images);
    double bce =
        reconstructions.stream()
            .mapToDouble(Reconstruction::bceNatsPerPixel)
            .average()
            .orElseThrow();
    double divergence = reconstructions.get(0).klNatsPerImage();
    assertThat(divergence).isGreaterThan(1);
    assertThat(mean).isCloseTo(-784 * bce - divergence, within(6 * Math.sqrt(variance / DRAWS)));
  }

  private static double logNormal(double x, double mean, double variance) {
    return -0.5 * (Math.log(2 * Math.PI * variance) + (x - mean) * (x - mean) / variance);
  }

  /** Recomputes a weight in double precision from the densities of z. */
  @Test
  void weightIsTheRatioOfDensitiesTimesTheLikelihood() {
    ComputationGraph model = SmallModels.withDistinctPosteriors(LayerBackend.CPU);
    byte[][] images = {image()};
    double weight =
        new ImportanceSampler(model, SmallModels.CONFIG, 9)
            .logWeights(new int[] {7}, images, 3)[0][2];

    long[] key = {NoiseKey.of(9, Integer.MIN_VALUE + 2, 7)};
    Map<String, INDArray> activations =
        model.feedForward(new Minibatch(images, key).getFeatures(), false);
    double[] mean = activations.get(VaeGraph.MEAN).dup('c').ravel().toDoubleVector();
    double[] logVariance = activations.get(VaeGraph.LOG_VARIANCE).dup('c').ravel().toDoubleVector();
    double[] z = activations.get(VaeGraph.SAMPLE).dup('c').ravel().toDoubleVector();
    float[] p = activations.get(VaeGraph.OUTPUT).dup('c').ravel().toFloatVector();
    double expected = -784 * ImageReconstructor.crossEntropy(images[0], p);
    for (int i = 0; i < z.length; i++) {
      expected += logNormal(z[i], 0, 1) - logNormal(z[i], mean[i], Math.exp(logVariance[i]));
    }
    assertThat(weight).isCloseTo(expected, within(1e-3));
  }

  @Test
  void drawsHaveDifferentButReproducibleNoise() {
    ImportanceSampler sampler =
        new ImportanceSampler(
            SmallModels.withDistinctPosteriors(LayerBackend.CPU), SmallModels.CONFIG, 9);
    byte[][] images = {image()};
    double[] weights = sampler.logWeights(new int[] {7}, images, 2)[0];
    assertThat(weights[1]).isNotEqualTo(weights[0]);
    assertThat(sampler.logWeights(new int[] {7}, images, 1)[0]).containsExactly(weights[0]);
  }
}
