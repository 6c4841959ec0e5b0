package org.sparkvae.model.cpu;

/**
 * Sizes in a decoder block: a transposed convolution 5×5 with stride (3, 1), and a max-pool 3×2
 * with as much stride. An image row of {@code inColumns} columns is taken as one vector, channels
 * last.
 *
 * @param usedColumns columns of the convolution's output that are computed: all of them, or the
 *     ones that the pooling looks at
 */
record DecoderBlockShape(int inChannels, int inColumns, int outChannels, int usedColumns) {
  static final int KERNEL = 5;
  static final int STRIDE = 3;

  /** Image rows in and out. */
  static final int ROWS = 28;

  /** Rows of the convolution's output, of which the last two are not pooled. */
  static final int WIDE_ROWS = (ROWS - 1) * STRIDE + KERNEL;

  /** With a row of zeros below each image, every image's output begins a whole stride further. */
  static final int PADDED_ROWS = ROWS + 1;

  static final int PADDED_WIDE_ROWS = PADDED_ROWS * STRIDE;

  /** With the whole output of the convolution, as batch norm's statistics need it. */
  static DecoderBlockShape whole(int inChannels, int inColumns, int outChannels) {
    return new DecoderBlockShape(inChannels, inColumns, outChannels, inColumns + KERNEL - 1);
  }

  /** With no more of it than is pooled. */
  DecoderBlockShape pooledOnly() {
    return new DecoderBlockShape(inChannels, inColumns, outChannels, 2 * outColumns());
  }

  /** Floats of an image row going in. */
  int in() {
    return inColumns * inChannels;
  }

  /** Columns of the block's output. */
  int outColumns() {
    return (inColumns + KERNEL - 1) / 2;
  }

  /** Floats of a row of the convolution's output. */
  int wide() {
    return usedColumns * outChannels;
  }

  /** Floats of a row of the block's output. */
  int out() {
    return outColumns() * outChannels;
  }

  /** Floats of an image of the block's output. */
  int outImage() {
    return ROWS * out();
  }

  /** Floats of an image of the padded output of the convolution. */
  int wideImage() {
    return PADDED_WIDE_ROWS * wide();
  }
}
