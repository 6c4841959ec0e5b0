package org.sparkvae.training.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * Single-precision numbers as bytes. Java serializes an array of bytes as a whole, but one of
 * floats value by value.
 */
record FloatBytes(byte[] bytes) implements Serializable {

  static FloatBytes of(float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES);
    buffer.asFloatBuffer().put(values);
    return new FloatBytes(buffer.array());
  }

  float[] values() {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }
}
