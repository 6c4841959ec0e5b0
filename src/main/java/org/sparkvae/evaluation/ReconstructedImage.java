package org.sparkvae.evaluation;

import org.apache.spark.sql.Row;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.Pixels;

/**
 * An image with its reconstruction.
 *
 * @param original unsigned bytes, 255 for y = 1
 * @param reconstruction values in [0, 1], one per pixel
 * @param crossEntropy binary cross-entropy with one sample of z, in nats per pixel
 * @param kl the KL divergence KL(q(z|x) ‖ N(0, I)) in nats
 */
record ReconstructedImage(
    byte[] original, float[] reconstruction, double crossEntropy, double kl, ModelConfig config) {
  /** Reads a row with the columns original, reconstruction, bce and kl. */
  static ReconstructedImage of(Row row, ModelConfig config) {
    return new ReconstructedImage(
        row.getAs(0), Pixels.toArray(row.getList(1)), row.getFloat(2), row.getFloat(3), config);
  }

  /** Returns the loss of the reference. */
  double loss() {
    return crossEntropy + regularizationTerm();
  }

  /** Returns the regularization term of the reference; for λ = 0.5, in nats per latent element. */
  double regularizationTerm() {
    return config.regularizationTerm(kl);
  }

  /** Returns −log p(x|z) with one sample of z: the cross-entropy, summed over the pixels. */
  double reconstructionTerm() {
    return crossEntropy * original.length;
  }

  /** Returns the evidence lower bound at β = 1, a negative number of nats. */
  double evidenceLowerBound() {
    return -(reconstructionTerm() + kl);
  }
}
