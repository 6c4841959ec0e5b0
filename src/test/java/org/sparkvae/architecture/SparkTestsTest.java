package org.sparkvae.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.junit.jupiter.api.Test;
import org.junit.platform.suite.api.SelectClasses;

/** Tests that each unit test runs once, and that only {@code SparkTests} uses Spark. */
class SparkTestsTest {
  private static final Path SOURCES = Path.of("src/test/java");
  private static final Pattern EXCLUDED = Pattern.compile("<exclude>%regex\\[(.*)]</exclude>");

  @Test
  void suiteHasTheTestsThatUseSparkAndThatSurefireExcludes() throws Exception {
    Matcher excluded = EXCLUDED.matcher(Files.readString(Path.of("pom.xml")));
    assertThat(excluded.find()).isTrue();
    Pattern pattern = Pattern.compile(excluded.group(1));
    List<String> suite =
        List.of(
            Class.forName("org.sparkvae.SparkTests").getAnnotation(SelectClasses.class).names());

    assertThat(tests(SparkTestsTest::usesSpark)).containsExactlyElementsOf(suite);
    assertThat(tests(source -> pattern.matcher(classFile(source)).matches()))
        .containsExactlyElementsOf(suite);
  }

  private static List<String> tests(Predicate<Path> filter) throws IOException {
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      return sources
          .filter(source -> source.toString().endsWith("Test.java"))
          .filter(filter)
          .map(source -> StringUtils.removeEnd(classFile(source), ".class").replace('/', '.'))
          .sorted()
          .toList();
    }
  }

  private static String classFile(Path source) {
    return SOURCES.relativize(source).toString().replace(".java", ".class");
  }

  private static boolean usesSpark(Path source) {
    try {
      return Pattern.compile("\\b(LocalSpark|SmallRun|SparkSessions)\\.")
          .matcher(Files.readString(source))
          .find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
