package org.sparkvae.testing.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * A random edit of a file.
 *
 * @param kind the kind of edit
 * @param position the position of the edit, as a fraction of the file's length
 * @param length the number of bytes removed or repeated
 * @param token the text inserted, one byte per character
 */
public record FileEdit(Kind kind, double position, int length, String token) {
  /** The kinds of edit. */
  public enum Kind {
    FLIP_BIT,
    INSERT,
    OVERWRITE,
    REMOVE,
    REPEAT,
    CUT_OFF
  }

  /** Numbers at the limits of their types, and texts that often break parsers. */
  private static final List<String> TOKENS =
      List.of(
          "\0",
          "\0\0\0\0",
          "\u007f\u00ff\u00ff\u00ff",
          "\u00ff\u00ff\u00ff\u007f",
          "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
          "\u0080\0\0\0",
          "0",
          "-1",
          "1e999",
          "NaN",
          "null",
          "99999999999999999999",
          "0x7fffffff",
          "{",
          "]",
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
          "\"",
          ",",
          "\n",
          ": &a [*a, *a]",
          "!!" + PlantedClass.NAME + " []\n",
          "\"@class\":\"" + PlantedClass.NAME + "\",",
          PlantedClass.NAME,
          "\u00c3(",
          "../../../../etc/passwd");

  /** The fixed seed, so that every build tries the same edits. */
  public static final String SEED = "20261123";

  /** Returns a generator of one to three edits. */
  public static Arbitrary<List<FileEdit>> edits() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            // Favors headers and footers, because archives and Parquet store sizes there.
            Arbitraries.oneOf(
                Arbitraries.doubles().between(0, 1),
                Arbitraries.doubles().between(0, 0.01),
                Arbitraries.doubles().between(0.97, 1)),
            Arbitraries.integers().between(1, 100),
            Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(TOKENS)),
                Tuple.of(1, Arbitraries.strings().withCharRange('\0', '\u00ff').ofMinLength(1))))
        .as(FileEdit::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  /** Returns the content after all edits. */
  public static byte[] applyAll(List<FileEdit> edits, byte[] content) {
    byte[] changed = content;
    for (FileEdit edit : edits) {
      changed = edit.apply(changed);
    }
    return changed;
  }

  private byte[] apply(byte[] content) {
    int start = (int) Math.min(content.length - 1L, Math.round(position * content.length));
    if (start < 0) {
      return content;
    }
    int end = Math.min(content.length, start + length);
    byte[] inserted = token.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    result.write(content, 0, start);
    switch (kind) {
      case FLIP_BIT -> {
        result.write(content[start] ^ 1 << length % 8);
        result.write(content, start + 1, content.length - start - 1);
      }
      case INSERT -> {
        result.writeBytes(inserted);
        result.write(content, start, content.length - start);
      }
      case OVERWRITE -> {
        result.writeBytes(inserted);
        int after = Math.min(content.length, start + inserted.length);
        result.write(content, after, content.length - after);
      }
      case REMOVE -> result.write(content, end, content.length - end);
      case REPEAT -> {
        result.write(content, start, end - start);
        result.write(content, start, content.length - start);
      }
      case CUT_OFF -> {
        // Only the bytes before the position remain.
      }
    }
    return result.toByteArray();
  }
}
