package org.sparkvae.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * One change to a file.
 *
 * @param at where, as a share of its length
 * @param length of what is left out or repeated
 * @param token what is put in, a byte for each character
 */
public record FileEdit(Kind kind, double at, int length, String token) {
  /** What is done. */
  public enum Kind {
    FLIP_BIT,
    INSERT,
    OVERWRITE,
    REMOVE,
    REPEAT,
    CUT_OFF
  }

  /** Numbers at the limits of their types, and what parsers of text have stumbled over. */
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

  /** Every build tries the same. */
  public static final String SEED = "20261123";

  /** One to three changes. */
  public static Arbitrary<List<FileEdit>> some() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            // Sizes stand in headers, and in the footers of archives and of Parquet.
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

  /** What a file is after some changes. */
  public static byte[] all(List<FileEdit> edits, byte[] content) {
    byte[] changed = content;
    for (FileEdit edit : edits) {
      changed = edit.of(changed);
    }
    return changed;
  }

  private byte[] of(byte[] content) {
    int start = (int) Math.min(content.length - 1L, Math.round(at * content.length));
    if (start < 0) {
      return content;
    }
    int end = Math.min(content.length, start + length);
    byte[] put = token.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    result.write(content, 0, start);
    switch (kind) {
      case FLIP_BIT -> {
        result.write(content[start] ^ 1 << length % 8);
        result.write(content, start + 1, content.length - start - 1);
      }
      case INSERT -> {
        result.writeBytes(put);
        result.write(content, start, content.length - start);
      }
      case OVERWRITE -> {
        result.writeBytes(put);
        int after = Math.min(content.length, start + put.length);
        result.write(content, after, content.length - after);
      }
      case REMOVE -> result.write(content, end, content.length - end);
      case REPEAT -> {
        result.write(content, start, end - start);
        result.write(content, start, content.length - start);
      }
      case CUT_OFF -> {
        // That was all.
      }
    }
    return result.toByteArray();
  }
}
