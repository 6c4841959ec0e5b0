package org.sparkvae.model.cpu;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A run of floats outside the heap, which BLAS reads and writes; its own or an array's. */
final class Buffer {
  private final FloatPointer start;

  private Buffer(FloatPointer start) {
    this.start = start;
  }

  /** Zeros, freed when unreachable. */
  static Buffer ofZeros(long length) {
    FloatPointer pointer = new FloatPointer(length);
    Pointer.memset(pointer, 0, length * Float.BYTES);
    return new Buffer(pointer);
  }

  /** The memory of an array that lies in order; valid as long as the array is. */
  static Buffer of(INDArray array) {
    return new Buffer(new FloatPointer(array.data().addressPointer()));
  }

  FloatPointer at(long offset) {
    return start.getPointer(offset);
  }

  void read(long offset, float[] target, int length) {
    at(offset).get(target, 0, length);
  }

  void write(long offset, float[] source, int from, int length) {
    at(offset).put(source, from, length);
  }

  void copy(long offset, Buffer source, long from, long length) {
    Pointer.memcpy(at(offset), source.at(from), length * Float.BYTES);
  }
}
