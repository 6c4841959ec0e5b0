package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that docs/results agrees with the recorded runs. */
@Timeout(60)
class ResultsTest {
  private static final Path PAGE = Path.of("docs", "results", "README.md");

  @TempDir Path directory;

  @Test
  void pageMatchesRecordedRuns() throws Exception {
    Path generated = directory.resolve("README.md");
    Process process = PythonInterpreter.command("bench/results.py", generated.toString()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(PAGE).hasSameTextualContentAs(generated);
    assertThat(PAGE).content().contains(" | yes |").doesNotContain("**no**");
  }
}
