package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.sparkvae.mnist.IdxFixture.gzip;
import static org.sparkvae.mnist.IdxFixture.header;
import static org.sparkvae.mnist.IdxFixture.images;
import static org.sparkvae.mnist.IdxFixture.labels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkvae.exception.InputDataException;

class IdxReaderTest {
  @TempDir Path directory;

  static Stream<Arguments> malformed() {
    byte[] images = images(3);
    byte[] badLabel = labels(5);
    badLabel[8 + 4] = 10;
    byte[] negativeLabel = labels(5);
    negativeLabel[8] = (byte) 0xff;
    return Stream.of(
        arguments(
            "labels for images",
            IdxKind.IMAGES,
            labels(2000),
            "byte 0: expected magic 0x00000803 (images), found 0x00000801"),
        arguments(
            "images for labels",
            IdxKind.LABELS,
            images,
            "byte 0: expected magic 0x00000801 (labels), found 0x00000803"),
        arguments(
            "empty",
            IdxKind.IMAGES,
            new byte[0],
            "byte 0: expected a header of 16 bytes, found the end of the file"),
        arguments(
            "half a header",
            IdxKind.IMAGES,
            Arrays.copyOf(images, 9),
            "byte 9: expected a header of 16 bytes, found the end of the file"),
        arguments(
            "truncated within an image",
            IdxKind.IMAGES,
            Arrays.copyOf(images, 16 + 2 * 784 + 5),
            "byte 1589: expected 3 images up to byte 2368, found the end of the file"),
        arguments(
            "truncated between images",
            IdxKind.IMAGES,
            Arrays.copyOf(images, 16 + 784),
            "byte 800: expected 3 images up to byte 2368, found the end of the file"),
        arguments(
            "truncated labels",
            IdxKind.LABELS,
            Arrays.copyOf(labels(5), 12),
            "byte 12: expected 5 labels up to byte 13, found the end of the file"),
        arguments(
            "a header with the largest count",
            IdxKind.IMAGES,
            header(0x803, 1_000_000_000, 28, 28),
            "byte 16: expected 1000000000 images up to byte 784000000016, found the end"),
        arguments(
            "a header with a larger count",
            IdxKind.IMAGES,
            header(0x803, 1_000_000_001, 28, 28),
            "byte 4: expected a count of 1 to 1000000000, found 1000000001"),
        arguments(
            "a header with a count beyond an int",
            IdxKind.LABELS,
            header(0x801, -1),
            "byte 4: expected a count of 1 to 1000000000, found 4294967295"),
        arguments(
            "no images",
            IdxKind.IMAGES,
            header(0x803, 0, 28, 28),
            "byte 4: expected a count of 1 to 1000000000, found 0"),
        arguments(
            "27 rows",
            IdxKind.IMAGES,
            header(0x803, 1, 27, 28),
            "byte 8: expected images of 28 x 28, found a side of 27"),
        arguments(
            "32 columns",
            IdxKind.IMAGES,
            header(0x803, 1, 28, 32),
            "byte 12: expected images of 28 x 28, found a side of 32"),
        arguments(
            "trailing byte",
            IdxKind.IMAGES,
            ArrayUtils.add(images, (byte) 0),
            "byte 2368: expected the end of the file after 3 images, found more bytes"),
        arguments(
            "trailing label",
            IdxKind.LABELS,
            ArrayUtils.add(labels(5), (byte) 1),
            "byte 13: expected the end of the file after 5 labels, found more bytes"),
        arguments(
            "label 10", IdxKind.LABELS, badLabel, "byte 12: expected a label of 0 to 9, found 10"),
        arguments(
            "label 255",
            IdxKind.LABELS,
            negativeLabel,
            "byte 8: expected a label of 0 to 9, found 255"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void reportsFileOffsetAndExpectedContentOfPlainFile(
      String name, IdxKind kind, byte[] content, String message) throws IOException {
    Path file = Files.write(directory.resolve("file"), content);

    assertThatThrownBy(() -> IdxReader.verify(file, kind))
        .as(name)
        .isInstanceOf(InputDataException.class)
        .hasMessageStartingWith(file + ": " + message)
        .message()
        .hasLineCount(1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void reportsOffsetInUnpackedContentOfGzippedFile(
      String name, IdxKind kind, byte[] content, String message) throws IOException {
    Path file = Files.write(directory.resolve("file.gz"), gzip(content));

    assertThatThrownBy(() -> IdxReader.verify(file, kind))
        .as(name)
        .isInstanceOf(InputDataException.class)
        .hasMessageStartingWith(
            file + ": " + message.replaceFirst(":", " of the unpacked content:"));
  }

  static Stream<Arguments> corruptGzip() {
    byte[] packed = gzip(images(3));
    byte[] wrongChecksum = packed.clone();
    wrongChecksum[packed.length - 8] ^= 1;
    byte[] tail = "tail".getBytes(StandardCharsets.US_ASCII);
    return Stream.of(
        arguments("not gzip", images(3), 0, "Input is not in the .gz format"),
        arguments("empty", new byte[0], 0, "Input is not in the .gz format"),
        arguments(
            "truncated", Arrays.copyOf(packed, packed.length / 2), 800, "the end of the file"),
        arguments(
            "wrong checksum", wrongChecksum, 1584, "Gzip-compressed data is corrupt (CRC32 error)"),
        arguments(
            "trailing data",
            ArrayUtils.addAll(packed, tail),
            1584,
            "Garbage after a valid .gz stream"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("corruptGzip")
  void reportsLengthOfIntactGzipData(String name, byte[] packed, int offset, String found)
      throws IOException {
    Path file = Files.write(directory.resolve("file.gz"), packed);

    assertThatThrownBy(() -> IdxReader.verify(file, IdxKind.IMAGES))
        .as(name)
        .isInstanceOf(InputDataException.class)
        .hasMessage(
            "%s: after byte %d of the unpacked content: expected intact gzip data, found %s. Replace the file with an intact copy.",
            file, offset, found);
  }

  @Test
  void returnsCountAndChecksumOfUnpackedContent() throws IOException {
    byte[] content = images(3);
    Path plain = Files.write(directory.resolve("file"), content);
    Path packed = Files.write(directory.resolve("file.gz"), gzip(content));
    String sha256 = DigestUtils.sha256Hex(content);

    assertThat(IdxReader.verify(plain, IdxKind.IMAGES)).isEqualTo(new IdxFile(plain, 3, sha256));
    assertThat(IdxReader.verify(packed, IdxKind.IMAGES)).isEqualTo(new IdxFile(packed, 3, sha256));
  }

  @Test
  void readsAllGzipMembers() throws IOException {
    byte[] content = labels(5);
    byte[] members =
        ArrayUtils.addAll(
            gzip(Arrays.copyOf(content, 10)), gzip(Arrays.copyOfRange(content, 10, 13)));
    Path file = Files.write(directory.resolve("file.gz"), members);

    assertThat(IdxReader.verify(file, IdxKind.LABELS).count()).isEqualTo(5);
  }

  @Test
  void readsRecordsInOrder() throws IOException {
    Path file = Files.write(directory.resolve("file"), labels(3));

    try (IdxReader reader = IdxReader.open(file, IdxKind.LABELS)) {
      byte[] label = new byte[1];
      for (int expected : new int[] {3, 0, 7}) {
        reader.read(label);
        assertThat(label[0]).isEqualTo((byte) expected);
      }
    }
  }

  @Test
  void namesTheMissingFile() {
    Path file = directory.resolve("file");

    assertThatThrownBy(() -> IdxReader.open(file, IdxKind.LABELS))
        .isInstanceOf(InputDataException.class)
        .hasMessageStartingWith(file + ": byte 0: expected readable data, found NoSuchFileEx");
  }
}
