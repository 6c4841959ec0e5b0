package org.sparkvae.mnist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.lang3.ArrayUtils;
import org.sparkvae.image.ImageShape;

/** Small IDX files, and the parts to build malformed ones. */
public final class IdxFixture {
  static final int TRAIN_COUNT = 30;
  static final int TEST_COUNT = 20;

  public static final List<String> NAMES =
      ExpectedFile.MNIST.stream().map(ExpectedFile::name).toList();

  private IdxFixture() {}

  static byte[] header(int... words) {
    ByteBuffer header = ByteBuffer.allocate(words.length * Integer.BYTES);
    for (int word : words) {
      header.putInt(word);
    }
    return header.array();
  }

  static byte[] pixels(int count) {
    byte[] pixels = new byte[count * ImageShape.PIXELS];
    new Random(count).nextBytes(pixels);
    return pixels;
  }

  static byte[] images(int count) {
    return ArrayUtils.addAll(header(0x803, count, 28, 28), pixels(count));
  }

  static byte[] labels(int count) {
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) ((i * 7 + 3) % 10);
    }
    return ArrayUtils.addAll(header(0x801, count), labels);
  }

  public static byte[] content(String name) {
    int count = name.startsWith("train") ? TRAIN_COUNT : TEST_COUNT;
    return name.contains("images") ? images(count) : labels(count);
  }

  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /** Returns the four files of the fixture, in place of those of MNIST. */
  static List<ExpectedFile> expectedFiles() {
    return ExpectedFile.MNIST.stream()
        .map(ExpectedFile::name)
        .map(
            name ->
                new ExpectedFile(name, content(name).length, DigestUtils.sha256Hex(content(name))))
        .toList();
  }

  /** Writes a complete, unzipped data set under the usual names. */
  public static IdxFolder writeSet(Path directory) throws IOException {
    for (ExpectedFile file : ExpectedFile.MNIST) {
      Files.write(directory.resolve(file.name()), content(file.name()));
    }
    return new IdxFolder(directory);
  }

  static List<String> namesIn(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
