package org.sparkvae.model.cpu;

import org.sparkvae.image.ImageShape;

/**
 * The sizes of a decoder block: a transposed convolution 5×5 with stride (3, 1), and max-pooling
 * 3×2 with stride (3, 2). All columns of an image row form one vector, channels last.
 *
 * @param inChannels number of input channels
 * @param inColumns number of input columns
 * @param outChannels number of output channels
 * @param convolvedColumns number of computed columns of the convolution's output: all columns, or
 *     only those that the pooling reads
 */
record DecoderBlockShape(int inChannels, int inColumns, int outChannels, int convolvedColumns) {
  static final int KERNEL = 5;
  static final int STRIDE = 3;

  /** Rows of the convolution's output. The pooling ignores the last two. */
  static final int CONVOLVED_ROWS = (ImageShape.ROWS - 1) * STRIDE + KERNEL;

  /** Returns a shape with all columns of the convolution, which batch norm's statistics require. */
  static DecoderBlockShape full(int inChannels, int inColumns, int outChannels) {
    return new DecoderBlockShape(inChannels, inColumns, outChannels, inColumns + KERNEL - 1);
  }

  /** Returns the shape with only the columns of the convolution that are pooled. */
  DecoderBlockShape pooledOnly() {
    return new DecoderBlockShape(inChannels, inColumns, outChannels, 2 * outColumns());
  }

  /** Returns the number of weights. */
  int weightCount() {
    return inChannels * outChannels * KERNEL * KERNEL;
  }

  /** Returns the number of floats in a row of the input. */
  int inRowSize() {
    return inColumns * inChannels;
  }

  /** Returns the number of columns of the block's output. */
  int outColumns() {
    return (inColumns + KERNEL - 1) / 2;
  }

  /** Returns the number of floats in a row of the convolution's output. */
  int convolvedRowSize() {
    return convolvedColumns * outChannels;
  }

  /** Returns the number of floats in a row of the block's output. */
  int outRowSize() {
    return outColumns() * outChannels;
  }

  /** Returns the number of floats in an image of the block's output. */
  int outImageSize() {
    return ImageShape.ROWS * outRowSize();
  }

  /** Returns the number of floats in an image of the convolution's output. */
  int convolvedImageSize() {
    return CONVOLVED_ROWS * convolvedRowSize();
  }
}
