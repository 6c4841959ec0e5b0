package org.sparkvae.model;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;

/** Decodes draws of z from the prior N(0, I), the report's "random vectors". */
public final class PriorSampler {
  /** Keeps a draw's noise apart from every epoch's. */
  private static final int PRIOR = -1;

  private PriorSampler() {}

  /**
   * Draws images.
   *
   * @param autoEncoder whose decoder is used
   * @return 784 values in [0, 1] each, row by row
   */
  public static List<float[]> draw(
      ComputationGraph autoEncoder, Architecture architecture, int count, long seed) {
    int elements = architecture.latentElements();
    float[] z = new float[count * elements];
    for (int n = 0; n < count; n++) {
      GaussianNoise.fill(NoiseKey.of(seed, PRIOR, n), elements, z, n * elements);
    }
    INDArray latents =
        Nd4j.createFromArray(z)
            .reshape('c', count, Architecture.SIDE, 1, architecture.latentSize())
            .permute(0, 3, 1, 2);
    float[] all =
        decoder(autoEncoder, architecture)
            .outputSingle(latents)
            .dup('c')
            .reshape((long) count * Architecture.PIXELS)
            .toFloatVector();

    List<float[]> images = new ArrayList<>(count);
    for (int n = 0; n < count; n++) {
      float[] pixels = new float[Architecture.PIXELS];
      System.arraycopy(all, n * Architecture.PIXELS, pixels, 0, Architecture.PIXELS);
      images.add(pixels);
    }
    return images;
  }

  private static ComputationGraph decoder(ComputationGraph autoEncoder, Architecture architecture) {
    ComputationGraph decoder =
        new ComputationGraph(VaeGraph.decoder(architecture, Layers.of(autoEncoder)));
    decoder.init();
    for (Layer layer : decoder.getLayers()) {
      if (layer.numParams() > 0) {
        layer.setParams(autoEncoder.getLayer(layer.conf().getLayer().getLayerName()).params());
      }
    }
    return decoder;
  }
}
