package org.sparkvae.model.cpu;

import static org.sparkvae.image.ImageShape.ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.KERNEL;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;

/**
 * The parts of a transposed convolution that processes two input rows at a time, by the minimal
 * filtering algorithm F(2, 2) (Winograd, 1980; Lavin and Gray, 2016).
 *
 * <p>Input row x_i contributes x_i·w_k to output row 3i + k, for the kernel rows k = 0 to 4. The
 * three output rows from row 3i are therefore y_i = x_i·(w0, w1, w2) + x_(i−1)·(w3, w4, 0). For the
 * pair j of the input rows 2j and 2j + 1,
 *
 * <pre>{@code
 * y_(2j)     = shared + upper
 * y_(2j + 1) = shared + lower
 * shared = x_(2j) · (w0 + w3, w1 + w4, w2)
 * upper  = (x_(2j - 1) - x_(2j)) · (w3, w4, 0)
 * lower  = (x_(2j + 1) - x_(2j)) · (w0, w1, w2)
 * }</pre>
 *
 * <p>These are eight products with kernel rows for each pair. The definition has ten.
 */
enum PairPart {
  LOWER(0, STRIDE, ROWS / 2),
  UPPER(STRIDE, KERNEL - STRIDE, ROWS / 2 + 1),
  SHARED(KERNEL, STRIDE, ROWS / 2);

  /** The number of pairs. The last one contains the output rows after those of the last input. */
  static final int PAIRS = ROWS / 2 + 1;

  private final int firstKernelRow;
  private final int kernelRows;
  private final int pairs;

  PairPart(int firstKernelRow, int kernelRows, int pairs) {
    this.firstKernelRow = firstKernelRow;
    this.kernelRows = kernelRows;
    this.pairs = pairs;
  }

  /** Returns the index in {@link RowWeights} of the part's first kernel row or sum of two. */
  int firstKernelRow() {
    return firstKernelRow;
  }

  /** Returns the number of kernel rows, or of sums of two, with which the part is multiplied. */
  int kernelRows() {
    return kernelRows;
  }

  /** Returns the number of pairs in which the part can differ from 0. */
  int pairs() {
    return pairs;
  }
}
