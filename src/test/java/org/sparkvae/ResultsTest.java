package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/results says of the recorded runs. */
@Timeout(60)
class ResultsTest {
  private static final Path PAGE = Path.of("docs", "results", "README.md");

  @TempDir Path directory;

  @Test
  void pageSaysWhatTheFilesBesideItSay() throws Exception {
    Path made = directory.resolve("README.md");
    Process process = PythonInterpreter.command("bench/results.py", made.toString()).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(PAGE).hasSameTextualContentAs(made);
    assertThat(PAGE).content().contains(" | yes |").doesNotContain("**no**");
  }
}
