package org.sparkvae.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Creates small data sets of IDX files. */
public final class IdxFiles {
  private static final int PIXELS = 784;

  private IdxFiles() {}

  /**
   * Writes the first images of a data set as a new data set.
   *
   * @param source directory of the data set; its files have MNIST's names and can be gzipped
   * @param train number of training images
   * @param test number of test images
   * @param target directory of the new data set
   * @return the target
   */
  public static Path first(Path source, int train, int test, Path target) throws IOException {
    Files.createDirectories(target);
    first(source, "train-images-idx3-ubyte", train, 2, PIXELS, target);
    first(source, "train-labels-idx1-ubyte", train, 0, 1, target);
    first(source, "t10k-images-idx3-ubyte", test, 2, PIXELS, target);
    first(source, "t10k-labels-idx1-ubyte", test, 0, 1, target);
    return target;
  }

  private static void first(
      Path source, String name, int count, int itemDimensions, int itemBytes, Path target)
      throws IOException {
    try (DataInputStream from = new DataInputStream(open(source.resolve(name)));
        DataOutputStream to = new DataOutputStream(Files.newOutputStream(target.resolve(name)))) {
      to.writeInt(from.readInt());
      from.readInt();
      to.writeInt(count);
      for (int n = 0; n < itemDimensions; n++) {
        to.writeInt(from.readInt());
      }
      to.write(from.readNBytes(count * itemBytes));
    }
  }

  private static InputStream open(Path plain) throws IOException {
    return Files.exists(plain)
        ? Files.newInputStream(plain)
        : new GZIPInputStream(Files.newInputStream(Path.of(plain + ".gz")));
  }
}
