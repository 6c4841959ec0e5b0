package org.sparkvae.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/** Decodes latent variables that no image was encoded to. For one thread. */
public final class LatentDecoder {
  private final ComputationGraph decoder;
  private final int latentChannels;

  /** Takes an auto-encoder's decoder. */
  public LatentDecoder(ComputationGraph autoEncoder, ModelConfig architecture) {
    latentChannels = architecture.latentChannels();
    decoder = new ComputationGraph(VaeGraph.decoder(architecture, LayerBackend.of(autoEncoder)));
    decoder.init();
    for (Layer layer : decoder.getLayers()) {
      if (layer.numParams() > 0) {
        // Not setParams, which takes most layers' weights to be laid out by columns.
        layer
            .params()
            .assign(autoEncoder.getLayer(layer.conf().getLayer().getLayerName()).params());
      }
    }
  }

  /**
   * Decodes a minibatch.
   *
   * @param latents z of each image, 28 rows of L channels
   * @return 784 values in [0, 1] each, row by row
   */
  public List<float[]> decode(List<float[]> latents) {
    int elements = ModelConfig.SIDE * latentChannels;
    float[] z = new float[latents.size() * elements];
    for (int n = 0; n < latents.size(); n++) {
      System.arraycopy(latents.get(n), 0, z, n * elements, elements);
    }
    float[] all =
        decoder
            .outputSingle(
                Nd4j.createFromArray(z)
                    .reshape('c', latents.size(), ModelConfig.SIDE, 1, latentChannels)
                    .permute(0, 3, 1, 2))
            .dup('c')
            .reshape((long) latents.size() * ModelConfig.PIXELS)
            .toFloatVector();
    List<float[]> images = new ArrayList<>(latents.size());
    for (int n = 0; n < latents.size(); n++) {
      images.add(Arrays.copyOfRange(all, n * ModelConfig.PIXELS, (n + 1) * ModelConfig.PIXELS));
    }
    return images;
  }
}
