package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.FinishedRun;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.browser.Chromium;
import org.sparkvae.testing.browser.Viewport;

/** Opens the report of a real run and a comparison, created through the launcher, in a browser. */
@CompleteBuild
class ReportIT {
  /** The directory for screenshots of the pages. */
  private static final Path SCREENSHOTS = Path.of("target/pages");

  @TempDir Path directory;

  @Test
  void reportAndComparisonHaveNoProblemsInABrowser() throws Exception {
    Path runs = directory.resolve("runs");
    Path run = FinishedRun.copyTo(runs);
    // A copy of the run with one different setting, for the comparison.
    FileUtils.copyDirectory(run.toFile(), runs.resolve("model2").toFile());
    Path settings = runs.resolve("model2/config.yaml");
    Files.writeString(
        settings, Files.readString(settings).replace("batch-size: 100", "batch-size: 50"));
    SparkVaeProcess.run(
            directory,
            "report",
            "--run-id",
            FinishedRun.ID,
            "--output",
            runs.toString(),
            "--compare",
            "model2")
        .assertExitCode(0);
    Path comparison = run.resolve("compare-model2.html");
    assertThat(comparison).content().contains("batch-size");

    assumeTrue(Chromium.executable().isPresent(), "Debian's chromium is not installed");
    assertNoFaults("model1", run.resolve("report.html"));
    assertNoFaults("comparison", comparison);
  }

  private static void assertNoFaults(String name, Path page) throws Exception {
    Files.createDirectories(SCREENSHOTS);
    try (Chromium chromium = Chromium.start()) {
      // PageInChromiumIT opens smaller pages with every viewport.
      for (Viewport viewport : List.of(Viewport.PHONE_LIGHT, Viewport.DESKTOP_DARK)) {
        Path screenshot = SCREENSHOTS.resolve("real-%s-%s.png".formatted(name, viewport));
        assertThat(chromium.inspect(page, viewport, screenshot))
            .as("%s, %s", name, viewport)
            .isEmpty();
      }
    }
  }
}
