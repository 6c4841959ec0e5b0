package org.sparkvae.export;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A tensor in single precision.
 *
 * @param shape sizes of the dimensions
 * @param values values in row-major order
 */
// Tensors are never compared, so the arrays' identity-based equals does no harm.
@SuppressWarnings("ArrayRecordComponent")
record Tensor(long[] shape, float[] values) {
  Tensor {
    if (Arrays.stream(shape).reduce(1, (a, b) -> a * b) != values.length) {
      throw new IllegalArgumentException(
          "A tensor has %d values, which do not fit its shape %s."
              .formatted(values.length, Arrays.toString(shape)));
    }
  }

  /** Copies an array with any order and strides. */
  static Tensor of(INDArray array) {
    return new Tensor(array.shape(), array.dup('c').reshape(array.length()).toFloatVector());
  }
}
