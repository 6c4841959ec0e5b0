package org.sparkvae.model.cpu;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A run of floats outside the heap, which BLAS reads and writes; its own or an array's. It keeps
 * the array from being freed, and has to be kept reachable itself while an address is in use.
 */
final class NativeFloats {
  private final FloatPointer start;

  @SuppressWarnings({"unused", "FieldCanBeLocal"}) // Reachable as long as this is.
  private final Object owner;

  private NativeFloats(FloatPointer start, Object owner) {
    this.start = start;
    this.owner = owner;
  }

  /** Zeros, freed when unreachable. */
  static NativeFloats ofZeros(long length) {
    FloatPointer pointer = new FloatPointer(length);
    Pointer.memset(pointer, 0, length * Float.BYTES);
    return new NativeFloats(pointer, pointer);
  }

  /** The memory of an array that lies in order. */
  static NativeFloats of(INDArray array) {
    return new NativeFloats(new FloatPointer(array.data().addressPointer()), array);
  }

  /** The address of a number, good for as long as this is reachable. */
  FloatPointer at(long offset) {
    return start.getPointer(offset);
  }

  void read(long offset, float[] target, int length) {
    try {
      at(offset).get(target, 0, length);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void write(long offset, float[] source, int from, int length) {
    try {
      at(offset).put(source, from, length);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void copy(long offset, NativeFloats source, long from, long length) {
    try {
      Pointer.memcpy(at(offset), source.at(from), length * Float.BYTES);
    } finally {
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(source);
    }
  }
}
