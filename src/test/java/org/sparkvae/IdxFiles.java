package org.sparkvae;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Sets of images in IDX files. */
final class IdxFiles {
  private static final int PIXELS = 784;

  private IdxFiles() {}

  /** Writes the first images of a set with MNIST's names, gzipped or not, as a set of its own. */
  static Path first(Path set, int train, int test, Path into) throws IOException {
    Files.createDirectories(into);
    first(set, "train-images-idx3-ubyte", train, 2, PIXELS, into);
    first(set, "train-labels-idx1-ubyte", train, 0, 1, into);
    first(set, "t10k-images-idx3-ubyte", test, 2, PIXELS, into);
    first(set, "t10k-labels-idx1-ubyte", test, 0, 1, into);
    return into;
  }

  private static void first(
      Path set, String name, int count, int furtherSizes, int itemBytes, Path into)
      throws IOException {
    try (DataInputStream from = new DataInputStream(open(set.resolve(name)));
        DataOutputStream to = new DataOutputStream(Files.newOutputStream(into.resolve(name)))) {
      to.writeInt(from.readInt());
      from.readInt();
      to.writeInt(count);
      for (int n = 0; n < furtherSizes; n++) {
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
