package org.sparkvae.model;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.NoiseKey;

/** Encodes images into what their posteriors are made of. For one thread. */
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
    return rows(images, VaeGraph.MEAN);
  }

  /**
   * Returns the encoder's states of each image, 28 rows of 32 values, none below 0: all that the
   * posterior depends on, see {@link PosteriorHeads}.
   *
   * @param images 784 unsigned bytes each, row by row
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
    float[] all =
        channelsFirst.permute(0, 2, 1).dup('c').reshape(channelsFirst.length()).toFloatVector();
    int elements = all.length / images.length;
    float[][] rows = new float[images.length][];
    for (int n = 0; n < rows.length; n++) {
      rows[n] = Arrays.copyOfRange(all, n * elements, (n + 1) * elements);
    }
    return rows;
  }
}
