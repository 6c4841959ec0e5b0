package org.sparkvae.model;

/**
 * The sizes of a decoder block: a transposed convolution 5×5 with stride (3, 1), ReLU, batch norm,
 * max-pooling 3×2 with stride (3, 2), and dropout. A block keeps the number of rows.
 *
 * @param number position of the block in the decoder, from 1
 * @param inChannels number of input channels
 * @param inColumns number of input columns
 * @param outChannels number of output channels
 */
public record DecoderBlockConfig(int number, int inChannels, int inColumns, int outChannels) {
  static final int KERNEL = 5;
  static final int[] STRIDE = {3, 1};
  static final int[] POOL = {3, 2};

  /** Returns the name of the block, with which the names of its layers and tensors begin. */
  public String name() {
    return name(number);
  }

  /** Returns the name of the block at a position in the decoder, from 1. */
  public static String name(int number) {
    return "block" + number;
  }

  /** Returns the number of columns of the block's output. */
  int outColumns() {
    return ((inColumns - 1) * STRIDE[1] + KERNEL) / POOL[1];
  }
}
