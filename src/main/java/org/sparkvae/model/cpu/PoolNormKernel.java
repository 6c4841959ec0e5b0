package org.sparkvae.model.cpu;

import static org.sparkvae.model.cpu.DecoderBlockShape.ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;
import static org.sparkvae.model.cpu.DecoderBlockShape.WIDE_ROWS;

/**
 * What follows a decoder block's convolution, an image at a time so that it stays in the cache.
 *
 * <p>The loops over a row use one index for all their arrays and no conditions: such loops the JIT
 * compiler turns into vector instructions, hence the copies of rows.
 */
final class PoolNormKernel {
  /** Times any positive number that occurs in practice this is above 1. */
  private static final float HUGE = 0x1p126f;

  private final DecoderBlockShape shape;
  private final float[] row;
  private final float[] image;
  private final float[] best;
  private final float[] left;
  private final float[] right;

  /** For one thread. */
  PoolNormKernel(DecoderBlockShape shape) {
    this.shape = shape;
    this.row = new float[shape.wide()];
    this.image = new float[WIDE_ROWS * shape.wide()];
    this.best = new float[shape.wide()];
    this.left = new float[shape.outChannels()];
    this.right = new float[shape.outChannels()];
  }

  /** Takes an image of the convolution's output. */
  void read(NativeFloats wide, int number) {
    wide.read((long) number * shape.wideImage(), image, image.length);
  }

  void write(NativeFloats wide, int number) {
    wide.write((long) number * shape.wideImage(), image, 0, image.length);
  }

  /** Adds the bias and rectifies: y = max(x + b, 0). */
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
   * Sums over the image's rows, and sums of squares, of how far values lie from a centre: near a
   * channel's mean no digits are lost to it.
   *
   * @param centre for each value of a row
   */
  void sum(float[] centre, float[] sum, float[] square) {
    for (int start = 0; start < image.length; start += row.length) {
      System.arraycopy(image, start, row, 0, row.length);
      for (int i = 0; i < row.length; i++) {
        float distance = row[i] - centre[i];
        sum[i] += distance;
        square[i] += distance * distance;
      }
    }
  }

  /**
   * Max-pools 3×2. Batch norm is monotonous in each channel, so the largest of a window is found
   * before it: where its scale is negative, the smallest.
   *
   * @param sign of batch norm's scale, one for each channel
   * @param extreme takes the value found, from {@code offset} on
   * @param place takes its place in the window, 0 … 5
   */
  void pool(float[] sign, float[] extreme, byte[] place, int offset) {
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
          int at = 0;
          float v = image[top + channels + c] * s;
          if (v > best) {
            best = v;
            at = 1;
          }
          v = image[middle + c] * s;
          if (v > best) {
            best = v;
            at = 2;
          }
          v = image[middle + channels + c] * s;
          if (v > best) {
            best = v;
            at = 3;
          }
          v = image[bottom + c] * s;
          if (v > best) {
            best = v;
            at = 4;
          }
          v = image[bottom + channels + c] * s;
          if (v > best) {
            best = v;
            at = 5;
          }
          extreme[target + c] = best * s;
          place[target + c] = (byte) at;
        }
        target += channels;
      }
    }
  }

  /**
   * As {@link #pool}, not saying where: for inference, and in loops that become vector
   * instructions.
   */
  void poolValues(float[] signs, float[] extreme, int offset) {
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
        System.arraycopy(left, 0, extreme, target, channels);
        target += channels;
      }
    }
  }

  /**
   * Turns values into the gradients that reach them through batch norm's statistics, a straight
   * line in the value; none where ReLU gave 0.
   *
   * @param offsets of {@link BatchNorm#offset}, for each value of a row
   * @param slopes of {@link BatchNorm#slope}, likewise
   * @param biasGradient is added to, likewise
   */
  void backwardStatistics(float[] offsets, float[] slopes, float[] biasGradient) {
    for (int start = 0; start < image.length; start += row.length) {
      System.arraycopy(image, start, row, 0, row.length);
      for (int i = 0; i < row.length; i++) {
        float passed = Math.min(row[i] * HUGE, 1f);
        row[i] = passed * (offsets[i] + slopes[i] * row[i]);
        biasGradient[i] += row[i];
      }
      System.arraycopy(row, 0, image, start, row.length);
    }
  }

  /**
   * Adds the gradients that come through the pooling, where ReLU let the value pass.
   *
   * @param scale of batch norm, for each channel
   * @param gradient of the block's output, from {@code offset} on
   * @param extreme values that {@link #pool} found
   * @param place where it found them
   * @param biasGradient is added to, for each channel
   */
  void backwardPool(
      float[] scale,
      float[] gradient,
      float[] extreme,
      byte[] place,
      int offset,
      float[] biasGradient) {
    int channels = shape.outChannels();
    int source = offset;
    for (int y = 0; y < ROWS; y++) {
      for (int x = 0; x < shape.outColumns(); x++) {
        int start = windowStart(y, x);
        for (int c = 0; c < channels; c++) {
          if (extreme[source + c] > 0) {
            int at = place[source + c];
            float through = gradient[source + c] * scale[c];
            image[start + (at >> 1) * row.length + (at & 1) * channels + c] += through;
            biasGradient[c] += through;
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
