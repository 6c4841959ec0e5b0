package org.sparkvae.model;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.noise.NoiseKey;

/** An encoder and decoder of images that reconstructs minibatches. Not thread-safe. */
public record ImageReconstructor(ComputationGraph model, Latent latent, long seed) {
  /**
   * Lower bound of a probability in a logarithm: half the distance between 1 and 1 − 2⁻²⁴, the next
   * smaller number in single precision.
   */
  private static final double MIN_PROBABILITY = 0x1p-25;

  /** The latent variable z that is decoded for an image. */
  public enum Latent {
    /** A sample of the posterior; its noise depends only on the seed and the image id. */
    SAMPLE,
    /** The mean of the posterior. */
    MEAN
  }

  /**
   * Reconstructs a minibatch. Up to rounding, an image's reconstruction does not depend on the
   * other images.
   *
   * @param imageIds one id per image
   * @param images unsigned bytes, one per pixel, row by row
   * @return one reconstruction per image, in the order of the images
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
    float[] values = output.dup('c').reshape(output.length()).toFloatVector();
    double[] kl = ((SamplingLayerImpl) model.getLayer(VaeGraph.SAMPLE)).klNatsPerImage();

    List<Reconstruction> reconstructions = new ArrayList<>(images.length);
    for (int n = 0; n < images.length; n++) {
      float[] pixels = new float[ImageShape.PIXELS];
      System.arraycopy(values, n * ImageShape.PIXELS, pixels, 0, ImageShape.PIXELS);
      reconstructions.add(new Reconstruction(pixels, crossEntropy(images[n], pixels), kl[n]));
    }
    return reconstructions;
  }

  /** Returns the binary cross-entropy −mean(y log p + (1 − y) log(1 − p)) in nats per pixel. */
  static double crossEntropy(byte[] image, float[] probabilities) {
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double y = (image[i] & 0xff) / 255.0;
      double p = probabilities[i];
      // Most pixels are 0, so that one of the two terms is 0.
      if (y > 0) {
        sum -= y * Math.log(Math.max(p, MIN_PROBABILITY));
      }
      if (y < 1) {
        sum -= (1 - y) * Math.log(Math.max(1 - p, MIN_PROBABILITY));
      }
    }
    return sum / probabilities.length;
  }
}
