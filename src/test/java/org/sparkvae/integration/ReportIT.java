package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.FinishedRun;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.browser.Chromium;
import org.sparkvae.testing.browser.Viewport;

/** Creates reports of real runs through the launcher and opens them in a browser. */
class ReportIT {
  /** The directory for screenshots of the pages. */
  private static final Path SCREENSHOTS = Path.of("target/pages");

  @TempDir Path directory;

  private SparkVaeProcess sparkvae(String command, String runId, String... options)
      throws Exception {
    return SparkVaeProcess.run(
        directory,
        Stream.concat(
                Stream.of(
                    command, "--run-id", runId, "--output", directory.resolve("runs").toString()),
                Stream.of(options))
            .toArray(String[]::new));
  }

  @Test
  void createsReportsAndAComparison() throws Exception {
    FinishedRun.copyTo(directory.resolve("runs"));
    // A copy of the run with one different setting, for the comparison.
    Path runs = directory.resolve("runs");
    FileUtils.copyDirectory(runs.resolve("model1").toFile(), runs.resolve("model2").toFile());
    Path settings = runs.resolve("model2/config.yaml");
    Files.writeString(
        settings, Files.readString(settings).replace("batch-size: 100", "batch-size: 50"));
    Path page = directory.resolve("runs/model1/report.html");
    Path first = Files.move(page, directory.resolve("first.html"));

    SparkVaeProcess rerun = sparkvae("report", "model1").assertExitCode(0);
    assertThat(rerun.output()).contains("report: file:" + page);
    assertThat(page).hasSameBinaryContentAs(first);

    sparkvae("report", "model1", "--compare", "model2").assertExitCode(0);
    Path comparison = directory.resolve("runs/model1/compare-model2.html");
    assertThat(comparison).content().contains("batch-size");

    SparkVaeProcess missing = sparkvae("report", "model1", "--compare", "nobody").assertExitCode(2);
    assertThat(missing.errors())
        .contains("Run 'nobody' does not exist in", "Existing runs: model1, model2");
    assertThat(directory.resolve("runs/nobody")).doesNotExist();

    assumeTrue(Chromium.executable().isPresent(), "Debian's chromium is not installed");
    assertNoFaults("model1", page);
    assertNoFaults("comparison", comparison);
  }

  private static void assertNoFaults(String name, Path page) throws Exception {
    Files.createDirectories(SCREENSHOTS);
    try (Chromium chromium = Chromium.start()) {
      for (Viewport viewport : Viewport.values()) {
        Path screenshot = SCREENSHOTS.resolve("real-%s-%s.png".formatted(name, viewport));
        assertThat(chromium.inspect(page, viewport, screenshot))
            .as("%s, %s", name, viewport)
            .isEmpty();
      }
    }
  }
}
