package org.sparkvae.model.cpu;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Memory for a matrix of an image for each {@link PairPart}, with one row per pair of input rows.
 * Rows that are never written contain zeros.
 */
final class PairMatrices {
  private final Map<PairPart, NativeFloats> matrices = new EnumMap<>(PairPart.class);
  private final ToIntFunction<PairPart> columns;

  /**
   * Allocates the memory.
   *
   * @param columns number of columns of a part's matrix
   */
  PairMatrices(ToIntFunction<PairPart> columns) {
    this.columns = columns;
    for (PairPart part : PairPart.values()) {
      matrices.put(part, NativeFloats.zeros((long) PairPart.PAIRS * columns.applyAsInt(part)));
    }
  }

  /** Returns the first element of a part's matrix. */
  Element start(PairPart part) {
    return matrices.get(part).at(0);
  }

  /** Reads one of the blocks with the length of {@code target} in a matrix's row. */
  void read(PairPart part, int pair, int block, float[] target) {
    matrices.get(part).read(offset(part, pair, block, target), target, target.length);
  }

  /** Writes one of the blocks with the length of {@code source} in a matrix's row. */
  void write(PairPart part, int pair, int block, float[] source) {
    matrices.get(part).write(offset(part, pair, block, source), source, 0, source.length);
  }

  private long offset(PairPart part, int pair, int block, float[] values) {
    return (long) pair * columns.applyAsInt(part) + (long) block * values.length;
  }
}
