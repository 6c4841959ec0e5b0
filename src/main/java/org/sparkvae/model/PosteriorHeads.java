package org.sparkvae.model;

import java.io.Serializable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.image.ImageShape;
import org.sparkvae.linalg.SymmetricSquareRoot;
import org.sparkvae.model.noise.GaussianNoise;

/**
 * The linear maps from the encoder state h of an image row, 32 values, to the posterior of the row:
 * μ = Wh + b and log σ² = Vh + c, L channels each. Not thread-safe.
 */
public final class PosteriorHeads implements Serializable {
  private final int latentChannels;
  private final float[][] meanWeights;
  private final float[] meanBias;
  private final float[][] logVarianceWeights;
  private final float[] logVarianceBias;
  private transient double[][] gramRoot;

  /** Copies the heads of a model. */
  public PosteriorHeads(ComputationGraph model) {
    meanBias = bias(model, VaeGraph.MEAN);
    latentChannels = meanBias.length;
    meanWeights = weights(model, VaeGraph.MEAN);
    logVarianceBias = bias(model, VaeGraph.LOG_VARIANCE);
    logVarianceWeights = weights(model, VaeGraph.LOG_VARIANCE);
  }

  private static float[] bias(ComputationGraph model, String layer) {
    INDArray bias = model.getLayer(layer).getParam("b");
    return bias.dup('c').reshape(bias.length()).toFloatVector();
  }

  /**
   * Returns weights {@code [32][L]}. Deeplearning4j uses this layout and ignores the array's shape.
   */
  private static float[][] weights(ComputationGraph model, String layer) {
    INDArray weights = model.getLayer(layer).getParam("W");
    long channels = model.getLayer(layer).getParam("b").length();
    return weights.dup('c').reshape('c', weights.length() / channels, channels).toFloatMatrix();
  }

  /**
   * Returns the posterior mean μ, L channels per image row.
   *
   * @param states encoder states, 32 values per image row
   */
  public float[] mean(float[] states) {
    return linear(states, meanWeights, meanBias);
  }

  /** Returns the log-variance log σ², L channels per image row, from the same states. */
  float[] logVariance(float[] states) {
    return linear(states, logVarianceWeights, logVarianceBias);
  }

  /** Returns a sample z = μ + σε, L channels per image row, with the noise ε of a key. */
  public float[] sample(float[] states, long noiseKey) {
    float[] mean = mean(states);
    float[] logVariance = logVariance(states);
    float[] z = new float[mean.length];
    GaussianNoise.fill(noiseKey, z.length, z, 0);
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) (mean[i] + Math.exp(0.5 * logVariance[i]) * z[i]);
    }
    return z;
  }

  private float[] linear(float[] states, float[][] weights, float[] bias) {
    float[] rows = new float[ImageShape.ROWS * latentChannels];
    for (int row = 0; row < ImageShape.ROWS; row++) {
      int offset = row * latentChannels;
      System.arraycopy(bias, 0, rows, offset, latentChannels);
      for (int h = 0; h < weights.length; h++) {
        float state = states[row * weights.length + h];
        float[] stateWeights = weights[h];
        for (int channel = 0; channel < latentChannels; channel++) {
          rows[offset + channel] += state * stateWeights[channel];
        }
      }
    }
    return rows;
  }

  /**
   * Returns the coordinates of Wh = μ − b in a space of 32 dimensions per image row instead of L.
   * They are the states of each row times the symmetric square root of WᵀW. Distances and angles
   * between coordinates equal those between the values of Wh.
   */
  public float[] meanCoordinates(float[] states) {
    double[][] root = gramRoot();
    int size = root.length;
    float[] coordinates = new float[states.length];
    for (int row = 0; row < states.length; row += size) {
      for (int i = 0; i < size; i++) {
        double sum = 0;
        for (int j = 0; j < size; j++) {
          sum += root[i][j] * states[row + j];
        }
        coordinates[row + i] = (float) sum;
      }
    }
    return coordinates;
  }

  private double[][] gramRoot() {
    if (gramRoot == null) {
      int size = meanWeights.length;
      double[][] gram = new double[size][size];
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          for (int channel = 0; channel < latentChannels; channel++) {
            gram[i][j] += (double) meanWeights[i][channel] * meanWeights[j][channel];
          }
        }
      }
      gramRoot = SymmetricSquareRoot.of(gram);
    }
    return gramRoot;
  }
}
