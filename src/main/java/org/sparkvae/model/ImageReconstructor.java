package org.sparkvae.model;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.NoiseKey;

/** Encodes images, samples z and decodes it again. For one thread. */
public final class ImageReconstructor {
  /** Single precision has nothing between 1 − 2⁻²⁴ and 1. */
  private static final double LEAST = 0x1p-25;

  private final ComputationGraph model;
  private final Latent latent;
  private final long seed;

  /** Which z of an image's posterior is decoded. */
  public enum Latent {
    /** A sample, the noise of which depends on seed and image id alone. */
    SAMPLE,
    /** The posterior's mean. */
    MEAN
  }

  public ImageReconstructor(ComputationGraph model, Latent latent, long seed) {
    this.model = model;
    this.latent = latent;
    this.seed = seed;
  }

  /**
   * Reconstructs a minibatch; what comes out for an image does not depend on the others, but for
   * rounding.
   *
   * @param images 784 unsigned bytes each, row by row
   */
  public List<Reconstruction> reconstruct(int[] imageIds, byte[][] images) {
    long[] noiseKeys = new long[imageIds.length];
    for (int n = 0; n < imageIds.length; n++) {
      noiseKeys[n] =
          latent == Latent.MEAN
              ? NoiseKey.NONE
              : NoiseKey.of(seed, NoiseKey.INFERENCE, imageIds[n]);
    }
    INDArray output = model.output(new Minibatch(images, noiseKeys).getFeatures())[0];
    float[] all = output.dup('c').reshape(output.length()).toFloatVector();
    double[] kl = ((SamplingLayerImpl) model.getLayer(VaeGraph.SAMPLE)).klNatsPerImage();

    List<Reconstruction> reconstructions = new ArrayList<>(images.length);
    for (int n = 0; n < images.length; n++) {
      float[] pixels = new float[ModelConfig.PIXELS];
      System.arraycopy(all, n * ModelConfig.PIXELS, pixels, 0, ModelConfig.PIXELS);
      reconstructions.add(new Reconstruction(pixels, crossEntropy(images[n], pixels), kl[n]));
    }
    return reconstructions;
  }

  /** Binary cross-entropy −mean(y log p + (1 − y) log(1 − p)), nats per pixel. */
  static double crossEntropy(byte[] image, float[] probabilities) {
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double y = (image[i] & 0xff) / 255.0;
      double p = probabilities[i];
      sum -= y * Math.log(Math.max(p, LEAST)) + (1 - y) * Math.log(Math.max(1 - p, LEAST));
    }
    return sum / probabilities.length;
  }
}
