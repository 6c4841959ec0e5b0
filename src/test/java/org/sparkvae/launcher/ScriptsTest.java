package org.sparkvae.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs linters on the shell and Python scripts. */
@Timeout(120)
class ScriptsTest {
  private static final List<String> DIRECTORIES = List.of("submit", "bench", "src/test", ".ci");

  private static List<String> files(Predicate<Path> filter) throws IOException {
    List<String> found = new ArrayList<>();
    for (String directory : DIRECTORIES) {
      try (Stream<Path> files = Files.walk(Path.of(directory))) {
        files
            .filter(file -> Files.isRegularFile(file) && filter.test(file))
            .map(Path::toString)
            .forEach(found::add);
      }
    }
    return found;
  }

  private static boolean isShell(Path file) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines.findFirst().orElse("").matches("#!.*\\b(ba)?sh\\b.*");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertNoFindings(List<String> linter, List<String> files) throws Exception {
    assertThat(files).isNotEmpty();
    Process process;
    try {
      process =
          new ProcessBuilder(Stream.concat(linter.stream(), files.stream()).toList())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, linter.get(0) + " is not installed");
      return;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  @Test
  void shellCheckFindsNothing() throws Exception {
    assertNoFindings(List.of("shellcheck"), files(ScriptsTest::isShell));
  }

  @Test
  void flake8FindsNothingInSubmit() throws Exception {
    assertNoFindings(List.of("flake8"), files(file -> file.startsWith("submit") && isPython(file)));
  }

  @Test
  void flake8FindsNothingButLongLinesElsewhere() throws Exception {
    assertNoFindings(List.of("flake8", "--extend-ignore=E501"), files(ScriptsTest::isPython));
  }

  private static boolean isPython(Path file) {
    return file.toString().endsWith(".py");
  }
}
