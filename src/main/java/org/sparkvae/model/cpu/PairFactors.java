package org.sparkvae.model.cpu;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.bytedeco.javacpp.BytePointer;
import org.sparkvae.config.Precision;
import org.sparkvae.model.cpu.MatrixProduct.Layout;

/**
 * Matrices of a minibatch's images for each {@link PairPart}, in the precision in which they are
 * multiplied. They have one row per pair of input rows.
 */
final class PairFactors {
  private final Precision precision;
  private final ToIntFunction<PairPart> columns;
  private final Map<PairPart, BytePointer> matrices = new EnumMap<>(PairPart.class);
  private final Map<PairPart, OneDnnOperation> conversions = new EnumMap<>(PairPart.class);

  /**
   * Allocates the memory.
   *
   * @param images maximal number of images
   * @param columns number of columns of a part's matrix
   */
  PairFactors(int images, ToIntFunction<PairPart> columns, Precision precision) {
    KernelThreadPool.useOneOpenMpThread();
    this.precision = precision;
    this.columns = columns;
    for (PairPart part : PairPart.values()) {
      matrices.put(part, new BytePointer(bytes(part, images)));
      Layout image =
          Layout.rowMajor(PairPart.PAIRS, columns.applyAsInt(part), columns.applyAsInt(part));
      conversions.put(
          part,
          OneDnnOperation.reorder(
              image.descriptor(Precision.FLOAT32), image.descriptor(precision)));
    }
  }

  /** Stores the matrices of an image, rounded to this object's precision. */
  void store(PairMatrices source, int image) {
    conversions.forEach(
        (part, conversion) -> conversion.run(source.start(part), at(part, image, 0)));
  }

  /** Returns an image's first element in a column of a part's matrix. */
  Element at(PairPart part, int image, int column) {
    BytePointer memory = matrices.get(part);
    return new Element(
        memory.getPointer(bytes(part, image) + (long) column * OneDnn.bytes(precision)), memory);
  }

  private long bytes(PairPart part, int images) {
    return (long) images * PairPart.PAIRS * columns.applyAsInt(part) * OneDnn.bytes(precision);
  }
}
