package org.sparkvae.model;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.NoiseKey;

/** The encoder of a model. It returns posterior means or encoder states. Not thread-safe. */
public record PosteriorEncoder(ComputationGraph model) {
  /**
   * Returns the posterior mean μ of each image, L channels per row.
   *
   * @param images unsigned bytes, one per pixel, row by row
   */
  public float[][] means(byte[][] images) {
    return rows(images, VaeGraph.MEAN);
  }

  /**
   * Returns the encoder states of each image, 32 non-negative values per row. They determine the
   * posterior, see {@link PosteriorHeads}.
   *
   * @param images unsigned bytes, one per pixel, row by row
   */
  public float[][] states(byte[][] images) {
    return rows(images, VaeGraph.STATE);
  }

  private float[][] rows(byte[][] images, String layer) {
    long[] noiseKeys = new long[images.length];
    Arrays.fill(noiseKeys, NoiseKey.NONE);
    INDArray channelsFirst =
        model
            .output(List.of(layer), false, new Minibatch(images, noiseKeys).getFeatures(), null)[0];
    float[] values =
        channelsFirst.permute(0, 2, 1).dup('c').reshape(channelsFirst.length()).toFloatVector();
    int elements = values.length / images.length;
    float[][] rows = new float[images.length][];
    for (int n = 0; n < rows.length; n++) {
      rows[n] = Arrays.copyOfRange(values, n * elements, (n + 1) * elements);
    }
    return rows;
  }
}
