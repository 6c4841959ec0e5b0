package org.sparkvae.model.cpu;

/**
 * Batch norm of the values that the max-pooling selected, in arrays of one image, {@code [rows,
 * outColumns, outChannels]}. The values are multiplied by the sign of γ, as {@link
 * DecoderBlockKernel} pools them.
 */
final class PooledNorm {
  private final BatchNorm norm;
  private final float[] scales;
  private final float[] shifts;
  private final float[] signs;

  PooledNorm(BatchNorm norm, int channels) {
    this.norm = norm;
    this.scales = new float[channels];
    this.shifts = new float[channels];
    this.signs = new float[channels];
    for (int c = 0; c < channels; c++) {
      scales[c] = norm.scale(c);
      shifts[c] = norm.shift(c);
      signs[c] = norm.sign(c);
    }
  }

  /** Replaces values by their normalized values. */
  void normalize(float[] values) {
    for (int i = 0; i < values.length; i += scales.length) {
      for (int c = 0; c < scales.length; c++) {
        values[i + c] = values[i + c] * (scales[c] * signs[c]) + shifts[c];
      }
    }
  }

  /**
   * Replaces the gradients of normalized values by the gradients of the values before batch norm.
   */
  void backward(float[] gradients) {
    for (int i = 0; i < gradients.length; i += scales.length) {
      for (int c = 0; c < scales.length; c++) {
        gradients[i + c] *= scales[c];
      }
    }
  }

  /**
   * Computes the gradients of β and γ for one image: ∂L/∂β = Σ g and ∂L/∂γ = Σ g·x̂, where g is the
   * gradient of batch norm's output.
   *
   * @param betas receives ∂L/∂β of each channel, starting at {@code offset}
   * @param gammas receives ∂L/∂γ of each channel, starting at {@code offset}
   */
  void sumGradients(float[] gradients, float[] values, float[] betas, float[] gammas, int offset) {
    double[] beta = new double[scales.length];
    double[] gamma = new double[scales.length];
    for (int i = 0; i < gradients.length; i += scales.length) {
      for (int c = 0; c < scales.length; c++) {
        beta[c] += gradients[i + c];
        gamma[c] += gradients[i + c] * norm.normalized(c, signs[c] * values[i + c]);
      }
    }
    for (int c = 0; c < scales.length; c++) {
      betas[offset + c] = (float) beta[c];
      gammas[offset + c] = (float) gamma[c];
    }
  }
}
