package org.sparkvae.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.PythonInterpreter;

/** Tests that docs/results agrees with the recorded runs. */
@Timeout(60)
class ResultsTest {
  private static final Path PAGES = Path.of("docs", "results");

  @TempDir Path directory;

  @Test
  void pagesMatchRecordedRuns() throws Exception {
    Process process = PythonInterpreter.command("bench/results.py", directory.toString()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    for (String page : List.of("README.md", "tuning.md", "runs.md")) {
      assertThat(PAGES.resolve(page)).hasSameTextualContentAs(directory.resolve(page));
    }
    assertThat(PAGES.resolve("README.md")).content().contains(" | yes |").doesNotContain("**no**");
  }
}
