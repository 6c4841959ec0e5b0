package org.sparkvae.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.image.ImageShape;

/** The decoder of a model, for latent variables from any source. Not thread-safe. */
public final class LatentDecoder {
  private final ComputationGraph decoder;
  private final int latentChannels;

  /** Copies the decoder of an auto-encoder. */
  public LatentDecoder(ComputationGraph autoEncoder, ModelConfig config) {
    latentChannels = config.latentChannels();
    decoder =
        new ComputationGraph(VaeGraph.decoderConfiguration(config, LayerBackend.of(autoEncoder)));
    decoder.init();
    for (Layer layer : decoder.getLayers()) {
      if (layer.numParams() > 0) {
        // setParams would read most layers' weights in column-major order.
        layer
            .params()
            .assign(autoEncoder.getLayer(layer.conf().getLayer().getLayerName()).params());
      }
    }
  }

  /**
   * Decodes a minibatch.
   *
   * @param latents one z per image, L channels per row
   * @return one image per z, a value in [0, 1] per pixel, row by row
   */
  public List<float[]> decode(List<float[]> latents) {
    float[] pixels =
        decoder
            .outputSingle(
                Nd4j.createFromArray(latents.toArray(float[][]::new))
                    .reshape('c', latents.size(), ImageShape.ROWS, 1, latentChannels)
                    .permute(0, 3, 1, 2))
            .dup('c')
            .reshape((long) latents.size() * ImageShape.PIXELS)
            .toFloatVector();
    List<float[]> images = new ArrayList<>(latents.size());
    for (int n = 0; n < latents.size(); n++) {
      images.add(Arrays.copyOfRange(pixels, n * ImageShape.PIXELS, (n + 1) * ImageShape.PIXELS));
    }
    return images;
  }
}
