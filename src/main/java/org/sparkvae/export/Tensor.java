package org.sparkvae.export;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A tensor in single precision.
 *
 * @param values the last dimension runs fastest
 */
// Made once and never compared.
@SuppressWarnings("ArrayRecordComponent")
record Tensor(long[] shape, float[] values) {
  Tensor {
    if (Arrays.stream(shape).reduce(1, (a, b) -> a * b) != values.length) {
      throw new IllegalArgumentException(
          "%d values for %s".formatted(values.length, Arrays.toString(shape)));
    }
  }

  /** Whatever the array's own order and strides are. */
  static Tensor of(INDArray array) {
    return new Tensor(array.shape(), array.dup('c').reshape(array.length()).toFloatVector());
  }
}
