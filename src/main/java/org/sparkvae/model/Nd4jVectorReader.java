package org.sparkvae.model;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.exception.InputDataException;

/**
 * A vector of floats as {@code Nd4j.write} writes it: a buffer with the shape, then one with the
 * values. {@code Nd4j.read} takes as much memory as the header asks for, whatever follows it.
 */
final class Nd4jVectorReader {
  /** Besides shape and strides: the rank, two numbers of nd4j's and the order. */
  private static final int SHAPE_EXTRAS = 4;

  private static final int HIGHEST_RANK = 2;

  private Nd4jVectorReader() {}

  /**
   * Reads {@code [n]} or {@code [1, n]}.
   *
   * @throws InputDataException if that is not what is stored, to the last byte, or not finite
   */
  static INDArray read(byte[] stored) throws IOException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(stored);
    DataInputStream data = new DataInputStream(bytes);
    long[] information = new long[header(data, "LONG", SHAPE_EXTRAS + 2 * HIGHEST_RANK)];
    for (int i = 0; i < information.length; i++) {
      information[i] = data.readLong();
    }
    int rank = (information.length - SHAPE_EXTRAS) / 2;
    require(rank >= 1 && information[0] == rank);
    long[] shape = Arrays.copyOfRange(information, 1, 1 + rank);
    int count = header(data, "FLOAT", Integer.MAX_VALUE);
    require(shape[rank - 1] == count && (rank == 1 || shape[0] == 1));
    require(bytes.available() == (long) count * Float.BYTES);
    float[] values = new float[count];
    ByteBuffer.wrap(stored, stored.length - bytes.available(), bytes.available())
        .asFloatBuffer()
        .get(values);
    for (float value : values) {
      require(Float.isFinite(value));
    }
    return Nd4j.create(values, shape, 'c');
  }

  /** Returns the length of the buffer that follows. */
  private static int header(DataInputStream data, String type, int most) throws IOException {
    require(data.readUTF().equals("MIXED_DATA_TYPES"));
    long length = data.readLong();
    require(length > 0 && length <= most);
    require(data.readUTF().equals(type));
    return (int) length;
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new InputDataException(
          "its numbers are not a vector of finite floats as nd4j writes it");
    }
  }
}
