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
import org.sparkvae.exception.TransientException;
import org.sparkvae.model.ModelConfig;

/**
 * A split's images in a temporary file on this machine, for reading in any order. Filled from the
 * DataFrame partition by partition and mapped into memory by the operating system, so that the heap
 * need not hold them.
 */
public final class MappedImages {
  /** Java maps less than 2 GiB at a time. */
  private static final int IMAGES_OF_A_MAP = 1_000_000;

  private final int count;
  private final List<MappedByteBuffer> maps;

  private MappedImages(int count, List<MappedByteBuffer> maps) {
    this.count = count;
    this.maps = maps;
  }

  /**
   * Copies a DataFrame's images into a temporary file.
   *
   * @param images with columns {@code image_id}, every one of 0 … count − 1 once, and {@code
   *     pixels}
   * @throws TransientException if the temporary file cannot be written
   */
  public static MappedImages of(Dataset<Row> images) {
    Path file = null;
    try {
      file = Files.createTempFile("spark-vae-images-", ".bin");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return over(channel, fill(channel, images.select("image_id", "pixels").toLocalIterator()));
      } finally {
        // What is mapped stays readable without a name, and nothing is left to clean up.
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new TransientException(
          "%s: %s; free room there or set -Djava.io.tmpdir".formatted(file, e.getMessage()), e);
    }
  }

  /** Of a file that holds so many images, one after the other. */
  static MappedImages over(FileChannel channel, int count) throws IOException {
    List<MappedByteBuffer> maps = new ArrayList<>();
    for (int first = 0; first < count; first += IMAGES_OF_A_MAP) {
      long images = Math.min(IMAGES_OF_A_MAP, count - first);
      maps.add(
          channel.map(
              FileChannel.MapMode.READ_ONLY,
              (long) first * ModelConfig.PIXELS,
              images * ModelConfig.PIXELS));
    }
    return new MappedImages(count, maps);
  }

  private static int fill(FileChannel channel, Iterator<Row> rows) throws IOException {
    BitSet seen = new BitSet();
    int count = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      ByteBuffer pixels = ByteBuffer.wrap(row.<byte[]>getAs(1));
      long offset = (long) row.getInt(0) * ModelConfig.PIXELS;
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
    byte[] copy = new byte[ModelConfig.PIXELS];
    maps.get(image / IMAGES_OF_A_MAP).get(image % IMAGES_OF_A_MAP * ModelConfig.PIXELS, copy);
    return copy;
  }
}
