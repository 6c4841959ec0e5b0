package org.sparkvae.model.cpu;

import static org.sparkvae.model.cpu.DecoderBlockShape.WIDE_ROWS;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.sparkvae.model.noise.DropoutMask;

/** A decoder block's arithmetic for minibatches of up to a number of images. */
final class DecoderBlockKernel {
  /** Images that one product takes in, few enough for their output to stay in the cache. */
  private static final int LARGEST_CHUNK = 25;

  /** With fewer, BLAS spends much of its time on laying out the weights. */
  private static final int SMALLEST_CHUNK = 5;

  private final DecoderBlockShape shape;
  private final double dropout;
  private final TransposedConvolution convolution;
  private final float[] extreme;
  private final byte[] place;

  private final Queue<PoolNormKernel> idle = new ConcurrentLinkedQueue<>();
  private final float[] gradient;
  private final float[] sums;
  private final float[] squares;

  private int minibatch;
  private long mask;
  private BatchNorm norm;

  /** The sums over a minibatch that the channels' parameters are moved by. */
  @SuppressWarnings("ArrayRecordComponent")
  record Gradients(float[] bias, float[] gamma, float[] beta) {}

  DecoderBlockKernel(DecoderBlockShape shape, int capacity, double dropout, boolean training) {
    this.shape = shape;
    this.dropout = dropout;
    this.convolution = new TransposedConvolution(shape, capacity, training);
    this.extreme = new float[capacity * shape.outImage()];
    this.place = new byte[capacity * shape.outImage()];
    this.gradient = new float[training ? capacity * shape.outImage() : 0];
    this.sums = new float[training ? capacity * shape.wide() : 0];
    this.squares = new float[training ? capacity * shape.wide() : 0];
  }

  int capacity() {
    return convolution.capacity();
  }

  /** With the statistics of the minibatch last trained on. */
  BatchNorm norm() {
    return norm;
  }

  /**
   * Runs a minibatch forward with its own statistics, keeping what {@link #backward} needs.
   *
   * @param source {@code [minibatch, 28, inColumns, inChannels]}
   * @param weights {@code [inChannels, outChannels, 5, 5]}
   * @param seed of the dropout mask
   * @param target {@code [minibatch, 28, outColumns, outChannels]}
   */
  void train(
      NativeFloats source,
      int images,
      NativeFloats weights,
      float[] bias,
      BatchNorm batchNorm,
      long seed,
      NativeFloats target) {
    minibatch = images;
    norm = batchNorm;
    mask = seed;
    convolution.layOutWeights(weights);
    float[] biases = repeated(bias);
    float[] centre = centre(bias);
    float[] centres = repeated(centre);
    inChunks(
        (passes, from, to) -> {
          convolution.forward(source, from, to);
          float[] sum = new float[shape.wide()];
          float[] square = new float[shape.wide()];
          for (int image = from; image < to; image++) {
            Arrays.fill(sum, 0);
            Arrays.fill(square, 0);
            passes.read(convolution.wide(), image);
            passes.rectify(biases);
            passes.sum(centres, sum, square);
            passes.write(convolution.wide(), image);
            System.arraycopy(sum, 0, sums, image * sum.length, sum.length);
            System.arraycopy(square, 0, squares, image * sum.length, sum.length);
          }
        });
    norm.measure(centre, sums, squares, images * shape.wide(), values());

    float[] signs = signs();
    inChunks(
        (passes, from, to) -> {
          float[] out = new float[shape.outImage()];
          for (int image = from; image < to; image++) {
            passes.read(convolution.wide(), image);
            passes.pool(signs, extreme, place, image * out.length);
            normalise(image, out);
            drop(image, out);
            target.write((long) image * out.length, out, 0, out.length);
          }
        });
  }

  /** Runs a minibatch forward with the running statistics. Shapes as in {@link #train}. */
  void infer(
      NativeFloats source,
      int images,
      NativeFloats weights,
      float[] bias,
      BatchNorm batchNorm,
      NativeFloats target) {
    minibatch = images;
    norm = batchNorm;
    convolution.layOutWeights(weights);
    float[] biases = repeated(bias);
    float[] signs = repeated(signs());
    inChunks(
        (passes, from, to) -> {
          convolution.forward(source, from, to);
          float[] out = new float[shape.outImage()];
          for (int image = from; image < to; image++) {
            passes.read(convolution.wide(), image);
            passes.rectify(biases);
            passes.poolValues(signs, extreme, image * out.length);
            normalise(image, out);
            target.write((long) image * out.length, out, 0, out.length);
          }
        });
  }

  /**
   * Runs the minibatch last trained on backward.
   *
   * @param outGradient {@code [minibatch, 28, outColumns, outChannels]}
   * @param inGradient {@code [minibatch, 28, inColumns, inChannels]}
   * @param weightGradient {@code [inChannels, outChannels, 5, 5]}
   */
  Gradients backward(
      NativeFloats outGradient, NativeFloats inGradient, NativeFloats weightGradient) {
    int channels = shape.outChannels();
    float[] betas = new float[minibatch * channels];
    float[] gammas = new float[minibatch * channels];
    inChunks(
        (passes, from, to) -> {
          float[] out = new float[shape.outImage()];
          for (int image = from; image < to; image++) {
            outGradient.read((long) image * out.length, out, out.length);
            drop(image, out);
            System.arraycopy(out, 0, gradient, image * out.length, out.length);
            sum(image, out, betas, gammas);
          }
        });
    float[] betaGradient = overImages(betas, betas.length, channels);
    float[] gammaGradient = overImages(gammas, gammas.length, channels);

    float[] offsets = new float[channels];
    float[] slopes = new float[channels];
    float[] scales = new float[channels];
    for (int c = 0; c < channels; c++) {
      offsets[c] = norm.offset(c, gammaGradient[c], betaGradient[c], values());
      slopes[c] = norm.slope(c, gammaGradient[c], values());
      scales[c] = norm.scale(c);
    }
    float[] rowOffsets = repeated(offsets);
    float[] rowSlopes = repeated(slopes);
    inChunks(
        (passes, from, to) -> {
          float[] bias = new float[shape.wide()];
          for (int image = from; image < to; image++) {
            Arrays.fill(bias, 0);
            int offset = image * shape.outImage();
            passes.read(convolution.wide(), image);
            passes.backwardStatistics(rowOffsets, rowSlopes, bias);
            passes.backwardPool(scales, gradient, extreme, place, offset, bias);
            passes.write(convolution.wide(), image);
            System.arraycopy(bias, 0, sums, image * bias.length, bias.length);
          }
          convolution.backward(inGradient, from, to);
        });
    convolution.weightGradient(weightGradient, minibatch);
    return new Gradients(
        overImages(sums, minibatch * shape.wide(), channels), gammaGradient, betaGradient);
  }

  /** Batch norm over what the pooling found. */
  private void normalise(int image, float[] out) {
    int channels = shape.outChannels();
    float[] scale = new float[channels];
    float[] shift = new float[channels];
    for (int c = 0; c < channels; c++) {
      scale[c] = norm.scale(c);
      shift[c] = norm.shift(c);
    }
    int offset = image * out.length;
    for (int i = 0; i < out.length; i += channels) {
      for (int c = 0; c < channels; c++) {
        out[i + c] = extreme[offset + i + c] * scale[c] + shift[c];
      }
    }
  }

  /** Dropout, which is the same backward as forward: what is kept grows by 1 / (1 − p). */
  private void drop(int image, float[] values) {
    if (dropout == 0) {
      return;
    }
    DropoutMask.forEachDropped(mask, image, values.length, dropout, i -> values[i] = 0);
    float kept = (float) (1 / (1 - dropout));
    for (int i = 0; i < values.length; i++) {
      values[i] *= kept;
    }
  }

  /** Of one image: Σ ∂β = Σ g and Σ ∂γ = Σ g·x̂. */
  private void sum(int image, float[] gradient, float[] betas, float[] gammas) {
    int channels = shape.outChannels();
    double[] beta = new double[channels];
    double[] gamma = new double[channels];
    int offset = image * gradient.length;
    for (int i = 0; i < gradient.length; i += channels) {
      for (int c = 0; c < channels; c++) {
        beta[c] += gradient[i + c];
        gamma[c] += gradient[i + c] * norm.normalised(c, extreme[offset + i + c]);
      }
    }
    for (int c = 0; c < channels; c++) {
      betas[image * channels + c] = (float) beta[c];
      gammas[image * channels + c] = (float) gamma[c];
    }
  }

  /** Sums that do not depend on the number of threads. */
  private static float[] overImages(float[] sums, int length, int channels) {
    double[] total = new double[channels];
    for (int i = 0; i < length; i += channels) {
      for (int c = 0; c < channels; c++) {
        total[c] += sums[i + c];
      }
    }
    float[] rounded = new float[channels];
    for (int c = 0; c < channels; c++) {
      rounded[c] = (float) total[c];
    }
    return rounded;
  }

  /** What a channel's values scatter about: where the convolution gives 0. */
  private static float[] centre(float[] bias) {
    float[] centre = new float[bias.length];
    for (int c = 0; c < centre.length; c++) {
      centre[c] = Math.max(bias[c], 0f);
    }
    return centre;
  }

  private float[] signs() {
    float[] signs = new float[shape.outChannels()];
    for (int c = 0; c < signs.length; c++) {
      signs[c] = norm.scale(c) < 0 ? -1 : 1;
    }
    return signs;
  }

  /** A value for each channel as one for each value of a row. */
  private float[] repeated(float[] channels) {
    float[] row = new float[shape.wide()];
    for (int i = 0; i < row.length; i += channels.length) {
      System.arraycopy(channels, 0, row, i, channels.length);
    }
    return row;
  }

  /** Values of a channel that batch norm's statistics are over. */
  private long values() {
    return (long) minibatch * WIDE_ROWS * shape.usedColumns();
  }

  /** Work on some images with a thread's own passes. */
  private interface Chunk {
    void run(PoolNormKernel passes, int from, int to);
  }

  private void inChunks(Chunk chunk) {
    // Two pieces for each thread, so that none waits long for the last.
    int share = (minibatch + 2 * KernelThreadPool.count() - 1) / (2 * KernelThreadPool.count());
    KernelThreadPool.share(
        minibatch,
        Math.max(SMALLEST_CHUNK, Math.min(LARGEST_CHUNK, share)),
        (from, to) -> {
          PoolNormKernel passes = idle.poll();
          if (passes == null) {
            passes = new PoolNormKernel(shape);
          }
          chunk.run(passes, from, to);
          idle.add(passes);
        });
  }
}
