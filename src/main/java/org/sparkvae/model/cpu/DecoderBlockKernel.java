package org.sparkvae.model.cpu;

import static org.sparkvae.model.cpu.DecoderBlockShape.CONVOLVED_ROWS;

import java.util.Arrays;
import org.sparkvae.config.Precision;
import org.sparkvae.model.noise.DropoutMask;

/**
 * The computations of a decoder block, for minibatches up to a fixed size.
 *
 * <p>The kernel pools before batch norm, so that fewer values need to be normalized. The result is
 * the same as in the opposite order, because batch norm is an affine map y = a·x + b for each
 * channel. If a is positive, the largest y belongs to the largest x. If γ and therefore a are
 * negative, the largest y belongs to the smallest x, which is the largest −x. The kernel therefore
 * pools x times the sign of γ. The statistics of batch norm still include the values that the
 * pooling drops.
 */
final class DecoderBlockKernel {
  /** Number of images that a thread processes at a time. */
  private static final int CHUNK_SIZE = 2;

  private final DecoderBlockShape shape;
  private final double dropout;
  private final boolean training;
  private final TransposedConvolution convolution;
  private final MaxPool pool;
  private final ObjectPool<Scratch> scratches = new ObjectPool<>(Scratch::new);

  /**
   * The convolution's output after ReLU, times the sign of γ, {@code [minibatch, 86 rows,
   * convolvedColumns, outChannels]}. Only for training.
   */
  private final NativeFloats rectified;

  /**
   * Values that the pooling selects, before batch norm and times the sign of γ, {@code [minibatch,
   * rows, outColumns, outChannels]}. Only for training.
   */
  private final NativeFloats pooled;

  /** Gradients of the selected values, in the same layout. */
  private final NativeFloats gradient;

  /**
   * Sums over the rows of each image, {@code [minibatch, convolvedColumns, outChannels]}. They
   * contain value − center in the forward pass and the gradient of the bias in the backward pass.
   */
  private final float[] sums;

  /** Sums of (value − center)² over the rows of each image, in the same layout. */
  private final float[] squares;

  private int minibatch;
  private long[] maskSeeds;
  private BatchNorm norm;

  /** The gradients of the parameters that exist once per channel, summed over the images. */
  record Gradients(float[] bias, float[] gamma, float[] beta) {}

  DecoderBlockKernel(
      DecoderBlockShape shape,
      int capacity,
      double dropout,
      boolean training,
      Precision precision) {
    this.shape = shape;
    this.dropout = dropout;
    this.training = training;
    this.convolution = new TransposedConvolution(shape, capacity, training, precision);
    this.pool = new MaxPool(shape, capacity, training);
    this.rectified =
        training ? NativeFloats.zeros((long) capacity * shape.convolvedImageSize()) : null;
    this.pooled = training ? NativeFloats.zeros((long) capacity * shape.outImageSize()) : null;
    this.gradient = training ? NativeFloats.zeros((long) capacity * shape.outImageSize()) : null;
    this.sums = new float[training ? capacity * shape.convolvedRowSize() : 0];
    this.squares = new float[training ? capacity * shape.convolvedRowSize() : 0];
  }

  /** Returns the maximal number of images of a minibatch. */
  int capacity() {
    return convolution.capacity();
  }

  /** Returns batch norm with the statistics that the last forward pass used. */
  BatchNorm norm() {
    return norm;
  }

  /**
   * Runs the forward pass of training, with the statistics of the minibatch. It stores the values
   * that {@link #backward} needs.
   *
   * @param source input, {@code [minibatch, rows, inColumns, inChannels]}
   * @param images number of images in the minibatch
   * @param weights weights of the convolution, {@code [inChannels, outChannels, 5, 5]}
   * @param bias bias of the convolution, one value per output channel
   * @param batchNorm batch norm, which receives the statistics
   * @param seeds seed of the dropout mask of each image; not used without dropout
   * @param target output, {@code [minibatch, rows, outColumns, outChannels]}
   */
  void train(
      NativeFloats source,
      int images,
      NativeFloats weights,
      float[] bias,
      BatchNorm batchNorm,
      long[] seeds,
      NativeFloats target) {
    minibatch = images;
    norm = batchNorm;
    maskSeeds = seeds;
    convolution.setWeights(weights);
    float[] biases = repeatAcrossRow(bias);
    float[] center = center(bias);
    float[] centers = repeatAcrossRow(center);
    float[] signs = repeatAcrossRow(signs());
    forEachChunk(
        (scratch, from, to) -> {
          float[] sum = scratch.rowSum;
          float[] square = scratch.rowSquare;
          for (int image = from; image < to; image++) {
            convolution.forward(source, image, scratch.convolution);
            Arrays.fill(sum, 0);
            Arrays.fill(square, 0);
            scratch.rows.rectifyAndSum(
                scratch.convolution.outputs(),
                biases,
                signs,
                centers,
                sum,
                square,
                rectified,
                image);
            pool.forward(
                rectified.at((long) image * shape.convolvedImageSize()),
                pooled.at((long) image * shape.outImageSize()),
                image);
            System.arraycopy(sum, 0, sums, image * sum.length, sum.length);
            System.arraycopy(square, 0, squares, image * sum.length, sum.length);
          }
        });
    norm.computeStatistics(
        center, sums, squares, images * shape.convolvedRowSize(), valuesPerChannel());

    PooledNorm pooledNorm = new PooledNorm(norm, shape.outChannels());
    forEachChunk(
        (scratch, from, to) -> {
          float[] out = scratch.outImage;
          for (int image = from; image < to; image++) {
            pooled.read((long) image * out.length, out, out.length);
            pooledNorm.normalize(out);
            applyDropout(image, out);
            target.write((long) image * out.length, out, 0, out.length);
          }
        });
  }

  /**
   * Runs the forward pass of inference, with the statistics that batch norm contains. The
   * parameters are those of {@link #train}.
   */
  void infer(
      NativeFloats source,
      int images,
      NativeFloats weights,
      float[] bias,
      BatchNorm batchNorm,
      NativeFloats target) {
    minibatch = images;
    norm = batchNorm;
    convolution.setWeights(weights);
    float[] biases = repeatAcrossRow(bias);
    float[] signs = repeatAcrossRow(signs());
    PooledNorm pooledNorm = new PooledNorm(norm, shape.outChannels());
    forEachChunk(
        (scratch, from, to) -> {
          float[] out = scratch.outImage;
          for (int image = from; image < to; image++) {
            convolution.forward(source, image, scratch.convolution);
            scratch.rows.rectify(
                scratch.convolution.outputs(), biases, signs, scratch.rectified, 0);
            pool.forward(scratch.rectified.at(0), scratch.pooled.at(0), image);
            scratch.pooled.read(0, out, out.length);
            pooledNorm.normalize(out);
            target.write((long) image * out.length, out, 0, out.length);
          }
        });
  }

  /**
   * Runs the backward pass of the last training minibatch.
   *
   * @param outGradient gradient of the output, {@code [minibatch, rows, outColumns, outChannels]}
   * @param inGradient receives the gradient of the input, {@code [minibatch, rows, inColumns,
   *     inChannels]}
   * @param weightGradient receives the gradient of the weights, {@code [inChannels, outChannels, 5,
   *     5]}
   */
  Gradients backward(
      NativeFloats outGradient, NativeFloats inGradient, NativeFloats weightGradient) {
    int channels = shape.outChannels();
    PooledNorm pooledNorm = new PooledNorm(norm, channels);
    float[] betas = new float[minibatch * channels];
    float[] gammas = new float[minibatch * channels];
    forEachChunk(
        (scratch, from, to) -> {
          float[] out = scratch.outImage;
          float[] values = scratch.pooledImage;
          for (int image = from; image < to; image++) {
            outGradient.read((long) image * out.length, out, out.length);
            applyDropout(image, out);
            pooled.read((long) image * out.length, values, values.length);
            pooledNorm.sumGradients(out, values, betas, gammas, image * channels);
            pooledNorm.backward(out);
            gradient.write((long) image * out.length, out, 0, out.length);
          }
        });
    double[] betaGradient = sumOverImages(betas, betas.length, channels);
    double[] gammaGradient = sumOverImages(gammas, gammas.length, channels);

    BatchNorm.StatisticsGradient statistics = norm.statisticsGradient(gammaGradient, betaGradient);
    float[] rowIntercepts = repeatAcrossRow(statistics.intercepts());
    float[] rowSlopes = repeatAcrossRow(statistics.slopes());
    float[] signs = repeatAcrossRow(signs());
    forEachChunk(
        (scratch, from, to) -> {
          float[] bias = scratch.rowSum;
          for (int image = from; image < to; image++) {
            Arrays.fill(bias, 0);
            pool.backward(gradient, scratch.poolingGradient, image);
            scratch.rows.backward(
                rectified,
                image,
                scratch.poolingGradient,
                signs,
                rowIntercepts,
                rowSlopes,
                bias,
                scratch.convolution.outputs());
            System.arraycopy(bias, 0, sums, image * bias.length, bias.length);
            convolution.backward(inGradient, image, scratch.convolution);
          }
        });
    convolution.computeWeightGradient(weightGradient, minibatch);
    return new Gradients(
        rounded(sumOverImages(sums, minibatch * shape.convolvedRowSize(), channels)),
        rounded(gammaGradient),
        rounded(betaGradient));
  }

  /**
   * Applies dropout to activations or, in the backward pass, to gradients. Kept values are
   * multiplied by 1 / (1 − p).
   */
  private void applyDropout(int image, float[] values) {
    if (dropout == 0) {
      return;
    }
    DropoutMask.forEachDropped(maskSeeds[image], values.length, dropout, i -> values[i] = 0);
    float scale = (float) (1 / (1 - dropout));
    for (int i = 0; i < values.length; i++) {
      values[i] *= scale;
    }
  }

  /** Returns sums over all images. Their rounding does not depend on the number of threads. */
  private static double[] sumOverImages(float[] sums, int length, int channels) {
    double[] total = new double[channels];
    for (int i = 0; i < length; i += channels) {
      for (int c = 0; c < channels; c++) {
        total[c] += sums[i + c];
      }
    }
    return total;
  }

  private static float[] rounded(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }

  /** Returns max(bias, 0) for each channel, which is near the mean of the channel's activations. */
  private static float[] center(float[] bias) {
    float[] center = new float[bias.length];
    for (int c = 0; c < center.length; c++) {
      center[c] = Math.max(bias[c], 0f);
    }
    return center;
  }

  /** Returns the sign of γ for each channel. */
  private float[] signs() {
    float[] signs = new float[shape.outChannels()];
    for (int c = 0; c < signs.length; c++) {
      signs[c] = norm.sign(c);
    }
    return signs;
  }

  /** Repeats the values of the channels for every column of a row. */
  private float[] repeatAcrossRow(float[] channels) {
    float[] row = new float[shape.convolvedRowSize()];
    for (int i = 0; i < row.length; i += channels.length) {
      System.arraycopy(channels, 0, row, i, channels.length);
    }
    return row;
  }

  /** Returns the number of values of a channel in the images. */
  private long valuesPerChannel() {
    return (long) minibatch * CONVOLVED_ROWS * shape.convolvedColumns();
  }

  /** A task for the images of the range [from, to), with an object that no other thread uses. */
  private interface ChunkTask {
    void run(Scratch scratch, int from, int to);
  }

  /** Memory for intermediate values of one image. */
  private final class Scratch {
    private final RowKernel rows = new RowKernel(shape);

    private final TransposedConvolution.Scratch convolution =
        DecoderBlockKernel.this.convolution.newScratch();

    private final float[] rowSum = new float[shape.convolvedRowSize()];
    private final float[] rowSquare = new float[shape.convolvedRowSize()];
    private final float[] outImage = new float[shape.outImageSize()];
    private final float[] pooledImage = new float[shape.outImageSize()];

    /** The image's part of {@link DecoderBlockKernel#rectified} in inference. */
    private final NativeFloats rectified =
        training ? null : NativeFloats.zeros(shape.convolvedImageSize());

    /** The image's part of {@link DecoderBlockKernel#pooled} in inference. */
    private final NativeFloats pooled = training ? null : NativeFloats.zeros(shape.outImageSize());

    /** Gradients through the pooling. Those of the last rows, which it ignores, are always 0. */
    private final NativeFloats poolingGradient =
        training ? NativeFloats.zeros((long) CONVOLVED_ROWS * shape.convolvedRowSize()) : null;
  }

  private void forEachChunk(ChunkTask task) {
    KernelThreadPool.parallelFor(
        minibatch, CHUNK_SIZE, (from, to) -> scratches.use(scratch -> task.run(scratch, from, to)));
  }
}
