package org.sparkvae.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ImageShapeTest {
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");
  private static final Pattern SHAPE = Pattern.compile("\\b(28|784)\\b");

  @Test
  void noOtherClassWritesTheShape() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      List<String> classes =
          sources
              .filter(file -> file.toString().endsWith(".java") && writesTheShape(file))
              .map(file -> file.getFileName().toString())
              .toList();
      // The legend's lines have a length of 28.
      assertThat(classes).containsExactlyInAnyOrder("ImageShape.java", "CurveLegend.java");
    }
  }

  private static boolean writesTheShape(Path source) {
    try {
      String code = COMMENT.matcher(Files.readString(source)).replaceAll("");
      return SHAPE.matcher(code).find();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
