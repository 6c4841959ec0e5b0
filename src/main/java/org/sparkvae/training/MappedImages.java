package org.sparkvae.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.Pixels;

/**
 * The images of a split in a memory-mapped temporary file, readable in any order. The file is
 * written from the DataFrame one partition at a time, so the heap need not hold all images.
 */
public final class MappedImages {
  /** Java can map at most 2 GiB at a time. */
  private static final int IMAGES_PER_BUFFER = 1_000_000;

  private final int count;
  private final List<MappedByteBuffer> buffers;

  private MappedImages(int count, List<MappedByteBuffer> buffers) {
    this.count = count;
    this.buffers = buffers;
  }

  /**
   * Copies a DataFrame's images into a temporary file.
   *
   * @param images a DataFrame with the columns {@code image_id}, which holds each of 0 … count − 1
   *     exactly once, and {@code pixels}
   * @throws InputDataException if an image does not have 784 bytes or the ids are other ones
   * @throws TransientException if the temporary file cannot be written
   */
  public static MappedImages of(Dataset<Row> images) {
    Path file = null;
    try {
      file = Files.createTempFile("spark-vae-images-", ".bin");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return map(channel, write(channel, images.select("image_id", "pixels").toLocalIterator()));
      } finally {
        // A mapped file stays readable after it is deleted, and needs no cleanup later.
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new TransientException(
          "temporary file %s: cannot be written (%s). Free space there, or set JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY to another directory."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /**
   * Maps a file into memory.
   *
   * @param channel the file, which holds the images one after another, a byte per pixel
   */
  static MappedImages map(FileChannel channel, int count) throws IOException {
    List<MappedByteBuffer> buffers = new ArrayList<>();
    for (int first = 0; first < count; first += IMAGES_PER_BUFFER) {
      long images = Math.min(IMAGES_PER_BUFFER, count - first);
      buffers.add(
          channel.map(
              FileChannel.MapMode.READ_ONLY,
              (long) first * ImageShape.PIXELS,
              images * ImageShape.PIXELS));
    }
    return new MappedImages(count, buffers);
  }

  /** Writes all images and returns their number. */
  private static int write(FileChannel channel, Iterator<Row> rows) throws IOException {
    BitSet written = new BitSet();
    int count = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      Pixels.check(row.getAs(1));
      ByteBuffer pixels = ByteBuffer.wrap(row.<byte[]>getAs(1));
      long offset = (long) row.getInt(0) * ImageShape.PIXELS;
      while (pixels.hasRemaining()) {
        offset += channel.write(pixels, offset);
      }
      written.set(row.getInt(0));
      count++;
    }
    if (written.cardinality() != count || written.length() != count) {
      throw new InputDataException(
          "image_id must be 0 to %d, each once, but the %d rows have other values. If the DataFrame returns other rows each time, persist it."
              .formatted(count - 1, count));
    }
    return count;
  }

  int count() {
    return count;
  }

  /** Returns the bytes of an image. */
  byte[] pixels(int image) {
    byte[] pixels = new byte[ImageShape.PIXELS];
    buffers
        .get(image / IMAGES_PER_BUFFER)
        .get(image % IMAGES_PER_BUFFER * ImageShape.PIXELS, pixels);
    return pixels;
  }
}
