package org.sparkvae.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Iterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.failure.OutsideFailure;
import org.sparkvae.model.Architecture;

/**
 * A split's images in a temporary file on this machine, for reading in any order. Filled from the
 * DataFrame partition by partition and mapped into memory by the operating system, so that the heap
 * need not hold them.
 */
public final class ImageStore {
  private final int count;
  private final MappedByteBuffer pixels;

  private ImageStore(int count, MappedByteBuffer pixels) {
    this.count = count;
    this.pixels = pixels;
  }

  /**
   * Copies a DataFrame's images into a temporary file.
   *
   * @param images with columns {@code image_id}, every one of 0 … count − 1 once, and {@code
   *     pixels}
   * @throws OutsideFailure if the temporary file cannot be written
   */
  public static ImageStore of(Dataset<Row> images) {
    Path file = null;
    try {
      file = Files.createTempFile("spark-vae-images-", ".bin");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        int count = fill(channel, images.select("image_id", "pixels").toLocalIterator());
        return new ImageStore(
            count,
            channel.map(FileChannel.MapMode.READ_ONLY, 0, (long) count * Architecture.PIXELS));
      } finally {
        // What is mapped stays readable without a name, and nothing is left to clean up.
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new OutsideFailure(
          "%s: %s; free room there or set -Djava.io.tmpdir".formatted(file, e.getMessage()), e);
    }
  }

  private static int fill(FileChannel channel, Iterator<Row> rows) throws IOException {
    BitSet seen = new BitSet();
    int count = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      ByteBuffer pixels = ByteBuffer.wrap(row.<byte[]>getAs(1));
      long offset = (long) row.getInt(0) * Architecture.PIXELS;
      while (pixels.hasRemaining()) {
        offset += channel.write(pixels, offset);
      }
      seen.set(row.getInt(0));
      count++;
    }
    if (seen.cardinality() != count || seen.length() != count) {
      throw new IllegalStateException("image ids are not 0 … %d, each once".formatted(count - 1));
    }
    return count;
  }

  int count() {
    return count;
  }

  /** The 784 bytes of an image. */
  byte[] pixels(int image) {
    byte[] copy = new byte[Architecture.PIXELS];
    pixels.get(image * Architecture.PIXELS, copy);
    return copy;
  }
}
