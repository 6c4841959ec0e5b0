package org.sparkvae.model;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.NoiseKey;

/** Encodes images into the means of their posteriors. For one thread. */
public final class PosteriorEncoder {
  private final ComputationGraph model;

  public PosteriorEncoder(ComputationGraph model) {
    this.model = model;
  }

  /**
   * Returns μ of each image, 28 rows of L channels.
   *
   * @param images 784 unsigned bytes each, row by row
   */
  public float[][] means(byte[][] images) {
    long[] noiseKeys = new long[images.length];
    Arrays.fill(noiseKeys, NoiseKey.NONE);
    INDArray channelsFirst =
        model
            .output(
                List.of(VaeGraph.MEAN),
                false,
                new Minibatch(images, noiseKeys).getFeatures(),
                null)[0];
    float[] all =
        channelsFirst.permute(0, 2, 1).dup('c').reshape(channelsFirst.length()).toFloatVector();
    int elements = all.length / images.length;
    float[][] means = new float[images.length][];
    for (int n = 0; n < means.length; n++) {
      means[n] = Arrays.copyOfRange(all, n * elements, (n + 1) * elements);
    }
    return means;
  }
}
