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
 * A reader of float vectors in the format of {@code Nd4j.write}: a buffer with the shape, then a
 * buffer with the values. {@code Nd4j.read} is not used because it allocates the memory that the
 * header declares, even if less data follows.
 */
final class Nd4jVectorReader {
  /**
   * Number of values in the shape buffer that are neither shape nor strides: rank, type, element
   * stride and order.
   */
  private static final int OTHER_SHAPE_VALUES = 4;

  private static final int MAX_RANK = 2;

  private Nd4jVectorReader() {}

  /**
   * Reads an array of shape {@code [n]} or {@code [1, n]}.
   *
   * @throws InputDataException if the bytes have another format or length, or if a value is not
   *     finite
   * @throws IOException if the bytes are truncated
   */
  static INDArray read(byte[] stored) throws IOException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(stored);
    DataInputStream data = new DataInputStream(bytes);
    long[] shapeInformation = new long[readHeader(data, "LONG", OTHER_SHAPE_VALUES + 2 * MAX_RANK)];
    for (int i = 0; i < shapeInformation.length; i++) {
      shapeInformation[i] = data.readLong();
    }
    int rank = (shapeInformation.length - OTHER_SHAPE_VALUES) / 2;
    require(rank >= 1 && shapeInformation[0] == rank);
    long[] shape = Arrays.copyOfRange(shapeInformation, 1, 1 + rank);
    int count = readHeader(data, "FLOAT", Integer.MAX_VALUE);
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

  /** Reads the header of a buffer and returns the number of its values. */
  private static int readHeader(DataInputStream data, String type, int maxLength)
      throws IOException {
    require(data.readUTF().equals("MIXED_DATA_TYPES"));
    long length = data.readLong();
    require(length > 0 && length <= maxLength);
    require(data.readUTF().equals(type));
    return (int) length;
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new InputDataException(
          "its parameters are not a vector of finite floats in nd4j's format");
    }
  }
}
