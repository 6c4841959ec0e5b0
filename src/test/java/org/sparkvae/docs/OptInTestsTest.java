package org.sparkvae.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FilenameUtils;
import org.junit.jupiter.api.Test;
import org.sparkvae.testing.CompleteBuild;

/** Tests that the documentation marks the tests that only the complete build runs. */
class OptInTestsTest {
  private static final Path TESTS = Path.of("src/test/java/org/sparkvae/integration");

  @Test
  void linesThatNameAnOptInTestMentionTheCompleteBuild() throws Exception {
    String names = optInTests().stream().collect(Collectors.joining("|", "\\b(", ")\\b"));
    Pattern optInTest = Pattern.compile(names);
    int marked = 0;
    for (Path page : pages()) {
      for (String line : Files.readAllLines(page)) {
        if (optInTest.matcher(line).find()) {
          assertThat(line).as("%s", page).containsIgnoringCase("complete build");
          marked++;
        }
      }
    }
    assertThat(marked).isPositive();
  }

  private static List<String> optInTests() throws Exception {
    List<String> optIn;
    try (Stream<Path> sources = Files.list(TESTS)) {
      optIn =
          sources
              .map(source -> FilenameUtils.getBaseName(source.toString()))
              .filter(OptInTestsTest::isOptIn)
              .toList();
    }
    assertThat(optIn).contains("EncryptedClusterIT").doesNotContain("MainJobIT");
    return optIn;
  }

  private static boolean isOptIn(String name) {
    if (!name.endsWith("IT")) {
      return false;
    }
    try {
      return Class.forName(
              "org.sparkvae.integration." + name, false, OptInTestsTest.class.getClassLoader())
          .isAnnotationPresent(CompleteBuild.class);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
      return Stream.concat(Stream.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")), docs)
          .filter(page -> page.toString().endsWith(".md"))
          .filter(page -> !page.startsWith("docs/results"))
          .toList();
    }
  }
}
