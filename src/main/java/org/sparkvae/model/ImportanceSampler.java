package org.sparkvae.model;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.NoiseKey;

/**
 * Importance weights of draws from the posterior (Burda, Grosse and Salakhutdinov, 2016). For one
 * thread.
 */
public final class ImportanceSampler {
  /** Keeps the first draw's noise apart from every epoch's, and the next from those before it. */
  private static final int FIRST_DRAW = Integer.MIN_VALUE;

  private final ComputationGraph model;
  private final long seed;

  public ImportanceSampler(ComputationGraph model, long seed) {
    this.model = model;
    this.seed = seed;
  }

  /**
   * The weight of one draw z for each image, log w = log p(x|z) + log p(z) − log q(z|x), in nats
   * per image.
   *
   * @param images 784 unsigned bytes each, row by row
   * @param draw which, from 0; its noise depends on that, the seed and the image's id alone
   */
  public double[] logWeights(int[] imageIds, byte[][] images, int draw) {
    long[] noiseKeys = new long[imageIds.length];
    for (int n = 0; n < noiseKeys.length; n++) {
      noiseKeys[n] = NoiseKey.of(seed, FIRST_DRAW + draw, imageIds[n]);
    }
    Map<String, INDArray> activations =
        model.feedForward(new Minibatch(images, noiseKeys).getFeatures(), false);
    float[] mean = floats(activations.get(VaeGraph.MEAN));
    float[] logVariance = floats(activations.get(VaeGraph.LOG_VARIANCE));
    float[] z = floats(activations.get(VaeGraph.SAMPLE));
    float[] output = floats(activations.get(VaeGraph.OUTPUT));
    int elements = z.length / images.length;
    double[] logWeights = new double[images.length];
    for (int n = 0; n < logWeights.length; n++) {
      double ratio = 0;
      for (int i = n * elements; i < (n + 1) * elements; i++) {
        double deviation = z[i] - mean[i];
        ratio +=
            logVariance[i]
                + deviation * deviation * Math.exp(-logVariance[i])
                - (double) z[i] * z[i];
      }
      float[] pixels =
          Arrays.copyOfRange(output, n * Architecture.PIXELS, (n + 1) * Architecture.PIXELS);
      logWeights[n] =
          0.5 * ratio - ImageDecoder.crossEntropy(images[n], pixels) * Architecture.PIXELS;
    }
    return logWeights;
  }

  /** Mean, log-variance and z alike: images, channels, rows. */
  private static float[] floats(INDArray array) {
    return array.dup('c').reshape(array.length()).toFloatVector();
  }
}
