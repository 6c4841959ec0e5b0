package org.sparkvae.mnist;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.input.BoundedInputStream;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.image.ImageShape;

/**
 * A reader of one IDX file, record by record in constant memory. The file is plain, or gzipped if
 * its name ends with {@code .gz}. Any error in the file throws an {@link InputDataException} that
 * names the file, the offset in its unpacked content and the expected content.
 */
final class IdxReader implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MAX_LABEL = 9;

  /**
   * The largest number of records in one split. It keeps every count over both splits within an
   * int.
   */
  private static final int MAX_RECORDS = 1_000_000_000;

  private static final String UNPACKED = " of the unpacked content";

  private final Path file;
  private final IdxKind kind;
  private final boolean gzipped;
  private final BoundedInputStream content;
  private final MessageDigest sha256 = DigestUtils.getSha256Digest();
  private int count;

  private IdxReader(Path file, IdxKind kind, InputStream unpacked, boolean gzipped)
      throws IOException {
    this.file = file;
    this.kind = kind;
    this.gzipped = gzipped;
    this.content =
        BoundedInputStream.builder().setInputStream(new DigestInputStream(unpacked, sha256)).get();
  }

  /** Opens {@code file} and checks its header. */
  static IdxReader open(Path file, IdxKind kind) {
    boolean gzipped = file.toString().endsWith(".gz");
    InputStream packed = null;
    try {
      packed = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
      InputStream unpacked = gzipped ? new GzipCompressorInputStream(packed, true) : packed;
      IdxReader reader = new IdxReader(file, kind, unpacked, gzipped);
      reader.readHeader();
      return reader;
    } catch (IOException e) {
      IOUtils.closeQuietly(packed, e::addSuppressed);
      throw unreadable(file, gzipped, 0, e);
    } catch (InputDataException e) {
      IOUtils.closeQuietly(packed, e::addSuppressed);
      throw e;
    }
  }

  /** Reads a file to its end, makes every check, and returns its description. */
  static IdxFile verify(Path file, IdxKind kind) {
    try (IdxReader reader = open(file, kind)) {
      byte[] record = new byte[kind.recordBytes];
      for (int i = 0; i < reader.count(); i++) {
        reader.read(record);
      }
      return new IdxFile(file, reader.count(), reader.finish());
    }
  }

  /** Returns the number of records that the header states. Only {@link #finish} verifies it. */
  int count() {
    return count;
  }

  /** Fills {@code record} with the next record: the pixels of an image row by row, or one label. */
  void read(byte[] record) {
    long offset = content.getCount();
    fill(record, "%d %s up to byte %d".formatted(count, kind, kind.fileBytes(count)));
    if (kind == IdxKind.LABELS && Byte.toUnsignedInt(record[0]) > MAX_LABEL) {
      throw malformed(offset, "a label of 0 to " + MAX_LABEL, "" + Byte.toUnsignedInt(record[0]));
    }
  }

  /**
   * Checks that nothing follows the last record.
   *
   * @return the SHA-256 of the unpacked content, in hex
   */
  String finish() {
    long end = content.getCount();
    try {
      if (content.read() != IOUtils.EOF) {
        throw malformed(
            end, "the end of the file after %d %s".formatted(count, kind), "more bytes");
      }
    } catch (IOException e) {
      throw unreadable(file, gzipped, end, e);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  @Override
  public void close() {
    IOUtils.closeQuietly(content);
  }

  private void readHeader() {
    byte[] bytes = new byte[kind.headerBytes];
    fill(bytes, "a header of %d bytes".formatted(bytes.length));
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int magic = header.getInt();
    if (magic != kind.magic) {
      throw malformed(
          0, "magic 0x%08x (%s)".formatted(kind.magic, kind), "0x%08x".formatted(magic));
    }
    count = header.getInt();
    if (count <= 0 || count > MAX_RECORDS) {
      throw malformed(
          Integer.BYTES, "a count of 1 to " + MAX_RECORDS, Integer.toUnsignedString(count));
    }
    if (header.hasRemaining()) {
      checkSide(header, ImageShape.ROWS);
      checkSide(header, ImageShape.COLUMNS);
    }
  }

  private void checkSide(ByteBuffer header, int expected) {
    int offset = header.position();
    int side = header.getInt();
    if (side != expected) {
      throw malformed(
          offset,
          "images of %d x %d".formatted(ImageShape.ROWS, ImageShape.COLUMNS),
          "a side of " + Integer.toUnsignedString(side));
    }
  }

  private void fill(byte[] bytes, String expected) {
    int read;
    try {
      read = IOUtils.read(content, bytes);
    } catch (IOException e) {
      throw unreadable(file, gzipped, content.getCount(), e);
    }
    if (read < bytes.length) {
      throw malformed(content.getCount(), expected, "the end of the file");
    }
  }

  private InputDataException malformed(long offset, String expected, String found) {
    String position = "byte " + offset + (gzipped ? UNPACKED : "");
    return new InputDataException(
        "%s: %s: expected %s, found %s. Replace the file with an intact copy."
            .formatted(file, position, expected, found));
  }

  /**
   * Returns the exception for unreadable content. {@code offset} is the number of bytes read
   * intact; gzip reports damage only some way after it.
   */
  private static InputDataException unreadable(
      Path file, boolean gzipped, long offset, IOException cause) {
    String position = gzipped ? "after byte " + offset + UNPACKED : "byte " + offset;
    String expected = gzipped ? "intact gzip data" : "readable data";
    String found =
        cause instanceof EOFException ? "the end of the file" : ErrorText.typeAndFirstLine(cause);
    return new InputDataException(
        "%s: %s: expected %s, found %s. Replace the file with an intact copy."
            .formatted(file, position, expected, found),
        cause);
  }
}
