package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.browser.Chromium;
import org.sparkvae.browser.Viewport;

/** The pages of real runs, made through the launcher and opened in a browser. */
class ReportIT {
  /** Pictures of the pages are left here. */
  private static final Path PICTURES = Path.of("target/pages");

  @TempDir Path directory;

  private SparkVaeProcess sparkvae(String verb, String runId, String... more) throws Exception {
    return SparkVaeProcess.run(
        directory,
        Stream.concat(
                Stream.of(
                    verb, "--run-id", runId, "--output", directory.resolve("runs").toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void runsHavePagesAndAPageTogether() throws Exception {
    FinishedRun.copyTo(directory.resolve("runs"));
    // The same run under another name and, so that there is something to compare, another setting.
    Path runs = directory.resolve("runs");
    FileUtils.copyDirectory(runs.resolve("model1").toFile(), runs.resolve("model2").toFile());
    Path settings = runs.resolve("model2/config.yaml");
    Files.writeString(
        settings, Files.readString(settings).replace("batch-size: 100", "batch-size: 50"));
    Path page = directory.resolve("runs/model1/report.html");
    Path first = Files.move(page, directory.resolve("first.html"));

    SparkVaeProcess again = sparkvae("report", "model1").assertExitCode(0);
    assertThat(again.output()).contains("report: file:" + page);
    assertThat(page).hasSameBinaryContentAs(first);

    sparkvae("report", "model1", "--compare", "model2").assertExitCode(0);
    Path both = directory.resolve("runs/model1/compare-model2.html");
    assertThat(both).content().contains("batch-size");

    SparkVaeProcess alone = sparkvae("report", "model1", "--compare", "nobody").assertExitCode(2);
    assertThat(alone.errors()).contains("there is no run 'nobody' in", "there are: model1, model2");
    assertThat(directory.resolve("runs/nobody")).doesNotExist();

    assumeTrue(Chromium.program().isPresent(), "Debian's chromium is not installed");
    assertNoFaults("model1", page);
    assertNoFaults("both", both);
  }

  private static void assertNoFaults(String name, Path page) throws Exception {
    Files.createDirectories(PICTURES);
    try (Chromium chromium = Chromium.start()) {
      for (Viewport screen : Viewport.values()) {
        Path picture = PICTURES.resolve("real-%s-%s.png".formatted(name, screen));
        assertThat(chromium.faults(page, screen, picture)).as("%s, %s", name, screen).isEmpty();
      }
    }
  }
}
