package org.sparkvae.model.cpu;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A block of floats in native memory, which native operations can access. The memory belongs to
 * this object or to an array, which this object keeps reachable. Callers must keep this object
 * reachable while they use an address.
 *
 * @param start the first float
 * @param buffer the same memory, at most 2 GiB of it, for faster access
 * @param owner the owner of the memory, which this object keeps reachable
 */
record NativeFloats(FloatPointer start, FloatBuffer buffer, Object owner) {
  /** Allocates zeros. The memory is freed when the object is unreachable. */
  static NativeFloats zeros(long length) {
    FloatPointer pointer = new FloatPointer(length);
    Pointer.memset(pointer, 0, length * Float.BYTES);
    return new NativeFloats(pointer, pointer.asBuffer(), pointer);
  }

  /**
   * Returns the memory of a contiguous array.
   *
   * @throws IllegalStateException if the array is only in the memory of a GPU
   */
  static NativeFloats of(INDArray array) {
    Pointer memory = array.data().addressPointer();
    if (memory == null) {
      throw new IllegalStateException(
          "An array is in the memory of a GPU, which this project's CPU layers cannot read. Convert the model to Deeplearning4j's layers.");
    }
    FloatPointer pointer = new FloatPointer(memory);
    return new NativeFloats(pointer, pointer.capacity(array.length()).asBuffer(), array);
  }

  /** Returns an element, at which an argument of a native operation starts. */
  Element at(long offset) {
    return new Element(address(offset), this);
  }

  /** Returns the address of an element, which is valid while this object is reachable. */
  FloatPointer address(long offset) {
    return start.getPointer(offset);
  }

  void read(long offset, float[] target, int length) {
    try {
      if (isBuffered(offset + length)) {
        buffer.get((int) offset, target, 0, length);
      } else {
        address(offset).get(target, 0, length);
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void write(long offset, float[] source, int from, int length) {
    try {
      if (isBuffered(offset + length)) {
        buffer.put((int) offset, source, from, length);
      } else {
        address(offset).put(source, from, length);
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Returns whether the buffer contains, or must reject, an access that ends before an index. */
  private boolean isBuffered(long end) {
    return end <= buffer.limit() || buffer.limit() >= start.limit();
  }

  /** Returns whether both blocks, of at most 2 GiB, have the same length and the same values. */
  boolean hasSameValues(NativeFloats other) {
    try {
      return buffer.equals(other.buffer);
    } finally {
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(other);
    }
  }

  void copy(long offset, NativeFloats source, long from, long length) {
    try {
      Pointer.memcpy(address(offset), source.address(from), length * Float.BYTES);
    } finally {
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(source);
    }
  }
}
