package org.sparkvae.model.cpu;

import static org.sparkvae.image.ImageShape.ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.CONVOLVED_ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;

/**
 * The computations of a decoder block after its convolution. They process one image at a time,
 * which stays in the processor's cache. Not thread-safe.
 *
 * <p>The loops over a row use one index for all arrays and no branches, so that the JIT compiler
 * can vectorize them. Rows are copied for this reason.
 */
final class PoolNormKernel {
  /** The product of this number and any positive activation in practice is above 1. */
  private static final float HUGE = 0x1p126f;

  private final DecoderBlockShape shape;
  private final float[] row;
  private final float[] image;
  private final float[] best;
  private final float[] left;
  private final float[] right;

  PoolNormKernel(DecoderBlockShape shape) {
    this.shape = shape;
    this.row = new float[shape.convolvedRowSize()];
    this.image = new float[CONVOLVED_ROWS * shape.convolvedRowSize()];
    this.best = new float[shape.convolvedRowSize()];
    this.left = new float[shape.outChannels()];
    this.right = new float[shape.outChannels()];
  }

  /** Loads an image of the convolution's output. */
  void read(NativeFloats convolved, int number) {
    convolved.read((long) number * shape.convolvedImageSize(), image, image.length);
  }

  /** Stores the image in the convolution's output. */
  void write(NativeFloats convolved, int number) {
    convolved.write((long) number * shape.convolvedImageSize(), image, 0, image.length);
  }

  /** Adds the bias and applies ReLU: y = max(x + b, 0). */
  void rectify(float[] bias) {
    for (int start = 0; start < image.length; start += row.length) {
      System.arraycopy(image, start, row, 0, row.length);
      for (int i = 0; i < row.length; i++) {
        row[i] = Math.max(row[i] + bias[i], 0f);
      }
      System.arraycopy(row, 0, image, start, row.length);
    }
  }

  /**
   * Adds value − center and (value − center)² over the image's rows. A center near the channel's
   * mean avoids a loss of digits in the variance.
   *
   * @param center a center for each value of a row
   * @param sum sums of value − center for each value of a row
   * @param square sums of (value − center)² for each value of a row
   */
  void sum(float[] center, float[] sum, float[] square) {
    for (int start = 0; start < image.length; start += row.length) {
      System.arraycopy(image, start, row, 0, row.length);
      for (int i = 0; i < row.length; i++) {
        float distance = row[i] - center[i];
        sum[i] += distance;
        square[i] += distance * distance;
      }
    }
  }

  /**
   * Applies max-pooling 3×2 before batch norm, see {@link DecoderBlockKernel}. It selects the
   * maximum of a window, or the minimum if batch norm's scale is negative.
   *
   * @param sign sign of batch norm's scale for each channel
   * @param pooled receives the selected values, starting at {@code offset}
   * @param windowIndices receives the index of each selected value in its window, 0 to 5
   * @param offset index of the image's first value
   */
  void pool(float[] sign, float[] pooled, byte[] windowIndices, int offset) {
    int channels = shape.outChannels();
    int target = offset;
    for (int y = 0; y < ROWS; y++) {
      for (int x = 0; x < shape.outColumns(); x++) {
        int top = windowStart(y, x);
        int middle = top + row.length;
        int bottom = middle + row.length;
        for (int c = 0; c < channels; c++) {
          float s = sign[c];
          float best = image[top + c] * s;
          int index = 0;
          float v = image[top + channels + c] * s;
          if (v > best) {
            best = v;
            index = 1;
          }
          v = image[middle + c] * s;
          if (v > best) {
            best = v;
            index = 2;
          }
          v = image[middle + channels + c] * s;
          if (v > best) {
            best = v;
            index = 3;
          }
          v = image[bottom + c] * s;
          if (v > best) {
            best = v;
            index = 4;
          }
          v = image[bottom + channels + c] * s;
          if (v > best) {
            best = v;
            index = 5;
          }
          pooled[target + c] = best * s;
          windowIndices[target + c] = (byte) index;
        }
        target += channels;
      }
    }
  }

  /**
   * Applies max-pooling as {@link #pool}, but without indices, which inference does not need. The
   * loops are vectorizable.
   *
   * @param signs sign of batch norm's scale for each value of a row
   */
  void poolValues(float[] signs, float[] pooled, int offset) {
    int channels = shape.outChannels();
    int target = offset;
    for (int y = 0; y < ROWS; y++) {
      int top = windowStart(y, 0);
      System.arraycopy(image, top, best, 0, row.length);
      for (int i = 0; i < row.length; i++) {
        best[i] *= signs[i];
      }
      for (int next = 1; next < STRIDE; next++) {
        System.arraycopy(image, top + next * row.length, row, 0, row.length);
        for (int i = 0; i < row.length; i++) {
          best[i] = Math.max(best[i], row[i] * signs[i]);
        }
      }
      for (int x = 0; x < shape.outColumns(); x++) {
        System.arraycopy(best, 2 * x * channels, left, 0, channels);
        System.arraycopy(best, (2 * x + 1) * channels, right, 0, channels);
        for (int c = 0; c < channels; c++) {
          left[c] = Math.max(left[c], right[c]) * signs[c];
        }
        System.arraycopy(left, 0, pooled, target, channels);
        target += channels;
      }
    }
  }

  /**
   * Replaces values by the gradients that reach them through batch norm's statistics. The gradient
   * is a linear function of the value, or 0 if ReLU gave 0.
   *
   * @param intercepts {@link BatchNorm#gradientIntercept} for each value of a row
   * @param slopes {@link BatchNorm#gradientSlope} for each value of a row
   * @param biasGradient sum to which the gradients are added, for each value of a row
   */
  void backwardStatistics(float[] intercepts, float[] slopes, float[] biasGradient) {
    for (int start = 0; start < image.length; start += row.length) {
      System.arraycopy(image, start, row, 0, row.length);
      for (int i = 0; i < row.length; i++) {
        float isPositive = Math.min(row[i] * HUGE, 1f);
        row[i] = isPositive * (intercepts[i] + slopes[i] * row[i]);
        biasGradient[i] += row[i];
      }
      System.arraycopy(row, 0, image, start, row.length);
    }
  }

  /**
   * Adds the gradients that reach the values through the pooling. They are 0 if ReLU gave 0.
   *
   * @param scale scale of batch norm for each channel
   * @param gradient gradient of the block's output, starting at {@code offset}
   * @param pooled values that {@link #pool} selected
   * @param windowIndices indices of these values in their windows
   * @param offset index of the image's first value
   * @param biasGradient sum to which the gradients are added, for each channel
   */
  void backwardPool(
      float[] scale,
      float[] gradient,
      float[] pooled,
      byte[] windowIndices,
      int offset,
      float[] biasGradient) {
    int channels = shape.outChannels();
    int source = offset;
    for (int y = 0; y < ROWS; y++) {
      for (int x = 0; x < shape.outColumns(); x++) {
        int start = windowStart(y, x);
        for (int c = 0; c < channels; c++) {
          if (pooled[source + c] > 0) {
            int index = windowIndices[source + c];
            float valueGradient = gradient[source + c] * scale[c];
            image[start + (index >> 1) * row.length + (index & 1) * channels + c] += valueGradient;
            biasGradient[c] += valueGradient;
          }
        }
        source += channels;
      }
    }
  }

  private int windowStart(int y, int x) {
    return STRIDE * y * row.length + 2 * x * shape.outChannels();
  }
}
