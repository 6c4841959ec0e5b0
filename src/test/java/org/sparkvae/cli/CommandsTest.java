package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.RunOutputs;

/** Runs commands on a finished run, in this JVM. */
class CommandsTest {
  @TempDir Path runs;
  private Path run;

  @BeforeEach
  void copyRun() throws Exception {
    run = SmallRun.copyTo(runs);
  }

  private CommandResult create(String verb, String runId, String... more) throws IOException {
    return CommandResult.of(SmallRun.command(verb, runId, runs, more));
  }

  private CommandResult executeWithData(String verb, String... more) throws IOException {
    return execute(verb, ArrayUtils.addAll(more, "--data", SmallRun.data().toString()));
  }

  private CommandResult execute(String verb, String... more) {
    List<String> command =
        new ArrayList<>(List.of(verb, "--run-id", SmallRun.ID, "--output", runs.toString()));
    command.addAll(List.of(more));
    return CommandResult.of(command.toArray(String[]::new));
  }

  private static void assertFails(CommandResult result, int code, String... parts) {
    assertThat(result.errors()).singleElement().asString().startsWith("sparkvae: ").contains(parts);
    assertThat(result.code()).isEqualTo(code);
  }

  @Test
  void missedThresholdFailsWithExitCode5() throws IOException {
    assertFails(
        executeWithData("evaluate", "--fail-above", "test.loss=0.01"),
        5,
        "test.loss is ",
        "above 0.01");
  }

  @Test
  void samplesAreReproducibleAndUpdateTheReport() throws Exception {
    Path figure = run.resolve("figures/prior-draws.png");
    byte[] before = Files.readAllBytes(figure);
    Files.delete(figure);
    CommandResult result = executeWithData("sample", "--from", "prior");
    assertThat(result.code()).as("%s", result.errors()).isZero();
    assertThat(figure).hasBinaryContent(before);
    // The report is rewritten, because it contains the figure.
    assertThat(Files.getLastModifiedTime(run.resolve("report.html")))
        .isGreaterThanOrEqualTo(Files.getLastModifiedTime(figure));
  }

  /** The state after a kill between the last checkpoint and the final model, without a metric. */
  @Test
  void rerunCompletesTheRunWithTheSameOutputs() throws Exception {
    byte[] model = Files.readAllBytes(run.resolve("model.zip"));
    String metrics = Files.readString(run.resolve("evaluation.json"));
    Files.delete(run.resolve("model.zip"));
    Files.delete(run.resolve("_SUCCESS"));
    Files.writeString(
        run.resolve("evaluation.json"), metrics.replaceFirst("\"test.ssim\" : .*,", ""));

    CommandResult rerun = create("run", SmallRun.ID, "--epochs", "2", "--trainer", "local");

    assertThat(rerun.code()).as("%s", rerun.errors()).isZero();
    assertThat(rerun.output()).contains("already reconstructed");
    assertThat(run.resolve("model.zip")).hasBinaryContent(model);
    assertThat(run.resolve("evaluation.json")).hasContent(metrics);
    assertThat(run.resolve("_SUCCESS")).exists();
  }

  /** The report cannot be written, as if the process were killed before it writes it. */
  @CompleteBuild
  @Test
  void runWithAReportThatIsOlderThanTheMetricsIsNotComplete() throws Exception {
    Path report = run.resolve("report.html");
    String metrics = Files.readString(run.resolve("evaluation.json"));
    Files.writeString(
        run.resolve("evaluation.json"), metrics.replaceFirst("\"test.ssim\" : .*,", ""));
    Files.delete(report);
    Files.createDirectories(report.resolve("blocked"));
    assertThat(executeWithData("evaluate").code()).isEqualTo(75);
    assertThat(run.resolve("evaluation.json")).hasContent(metrics);
    FileUtils.deleteDirectory(report.toFile());
    Files.writeString(report, "an older report");

    assertFails(execute("publish"), 2, "is not complete. Complete it with: submit/sparkvae run");
  }

  @Test
  void exportWritesOnlyWhatIsMissing() throws Exception {
    Path weights = run.resolve("model.safetensors");
    Path description = run.resolve("model.json");
    assertThat(execute("export").code()).isZero();
    FileTime exported = Files.getLastModifiedTime(weights);
    String text = Files.readString(description);

    assertThat(execute("export").output()).contains("already exported: ");
    assertThat(Files.getLastModifiedTime(weights)).isEqualTo(exported);

    byte[] before = Files.readAllBytes(weights);
    Files.delete(description);
    assertThat(execute("export").output()).contains("description: ");
    assertThat(description).hasContent(text);
    assertThat(weights).hasBinaryContent(before);
  }

  @Test
  void reportIsReproducible() throws Exception {
    Path report = run.resolve("report.html");
    byte[] before = Files.readAllBytes(report);
    Files.delete(report);
    CommandResult result = execute("report");
    assertThat(result.code()).as("%s", result.errors()).isZero();
    assertThat(report).hasBinaryContent(before);
  }

  @Test
  void otherSettingsOfAnExistingRunFailWithExitCode2() throws Exception {
    Map<Path, FileTime> before = RunOutputs.modificationTimes(runs);
    assertFails(
        create("run", SmallRun.ID, "--epochs", "3", "--trainer", "local"), 2, "epochs=2, found 3");
    assertThat(RunOutputs.modificationTimes(runs)).isEqualTo(before);
  }

  @Test
  void tooManyWorkersFailWithExitCode2() throws Exception {
    assertFails(create("train", "two", "--epochs", "1", "--workers", "2"), 2, "--workers 2: ");
    assertThat(runs.resolve("two/model.zip")).doesNotExist();
  }

  @Test
  void divergenceFailsWithExitCode4() throws Exception {
    assertFails(
        create("train", "nan", "--learning-rate", "1e30", "--epochs", "1", "--trainer", "local"),
        4,
        "epoch 1: the loss became NaN or infinite");
    assertThat(runs.resolve("nan/model.zip")).doesNotExist();
  }
}
