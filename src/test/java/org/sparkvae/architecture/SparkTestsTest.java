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

/** Tests that each unit test runs once, and that only those in a suite use Spark. */
class SparkTestsTest {
  private static final Path SOURCES = Path.of("src/test/java");
  private static final Pattern EXCLUDED = Pattern.compile("<exclude>%regex\\[(.*)]</exclude>");

  @Test
  void suitesHaveTheTestsThatUseSparkAndThatSurefireExcludes() throws Exception {
    Matcher excluded = EXCLUDED.matcher(Files.readString(Path.of("pom.xml")));
    assertThat(excluded.find()).isTrue();
    Pattern pattern = Pattern.compile(excluded.group(1));
    List<String> inSuites =
        Stream.concat(inSuite("SparkTests"), inSuite("SparkTrainingTests")).sorted().toList();

    assertThat(tests(SparkTestsTest::usesSpark)).containsExactlyElementsOf(inSuites);
    assertThat(tests(source -> pattern.matcher(classFile(source)).matches()))
        .containsExactlyElementsOf(inSuites);
  }

  private static Stream<String> inSuite(String name) throws ClassNotFoundException {
    return Stream.of(
        Class.forName("org.sparkvae." + name).getAnnotation(SelectClasses.class).names());
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
