package org.sparkvae.model.cpu;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Memory for a matrix for each {@link PairPart} and image, with one row per pair of input rows.
 * Rows that are never written contain zeros.
 */
final class PairMatrices {
  private final Map<PairPart, NativeFloats> matrices = new EnumMap<>(PairPart.class);
  private final ToIntFunction<PairPart> columns;

  /**
   * Allocates the memory.
   *
   * @param images number of images
   * @param columns number of columns of a part's matrix
   */
  PairMatrices(int images, ToIntFunction<PairPart> columns) {
    this.columns = columns;
    for (PairPart part : PairPart.values()) {
      matrices.put(
          part, NativeFloats.zeros((long) images * PairPart.PAIRS * columns.applyAsInt(part)));
    }
  }

  /** Returns an image's first element in a column of a part's matrix. */
  NativeFloats.Element at(PairPart part, int image, int column) {
    return matrices.get(part).at(offset(part, image, 0) + column);
  }

  /** Reads one of the blocks with the length of {@code target} in a matrix's row. */
  void read(PairPart part, int image, int pair, int block, float[] target) {
    long offset = offset(part, image, pair) + (long) block * target.length;
    matrices.get(part).read(offset, target, target.length);
  }

  /** Writes one of the blocks with the length of {@code source} in a matrix's row. */
  void write(PairPart part, int image, int pair, int block, float[] source) {
    long offset = offset(part, image, pair) + (long) block * source.length;
    matrices.get(part).write(offset, source, 0, source.length);
  }

  private long offset(PairPart part, int image, int pair) {
    return ((long) image * PairPart.PAIRS + pair) * columns.applyAsInt(part);
  }
}
