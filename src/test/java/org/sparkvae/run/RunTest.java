package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sparkvae.model.ModelConfig.DECODER_CHANNELS;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.config.NonDefaults;
import org.sparkvae.config.Precision;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.storage.Storage;

class RunTest {
  @TempDir Path output;
  private final RecordingReporter reporter = new RecordingReporter();

  private Run open(String id, Map<String, Object> options) {
    Run run =
        Run.open(id, output.toString(), reader -> reader.options(options).settings(), reporter);
    run.writeSettings();
    return run;
  }

  private Path configuration() {
    return output.resolve("one/config.yaml");
  }

  @Test
  void newRunWritesItsSettings() throws IOException {
    Run run = open("one", Map.of("epochs", 3, "trainer", "local", "dropout", 0.0));
    assertThat(run.id()).isEqualTo("one");
    Map<String, Object> expected = SettingsReader.values(Settings.DEFAULTS);
    expected.putAll(Map.of("epochs", 3, "trainer", "local", "dropout", 0.0));
    assertThat(SettingsReader.values(run.settings())).isEqualTo(expected);
    assertThat(run.directory()).hasToString("file:" + output.resolve("one"));
    assertThat(run.output()).hasToString("file:" + output);
    assertThat(run.isComplete()).isFalse();
    String yaml = Files.readString(configuration(), StandardCharsets.UTF_8);
    assertThat(new SettingsReader().file("config.yaml", yaml).settings()).isEqualTo(run.settings());
  }

  @Test
  void runWithAnOutdatedReportIsNotComplete() throws IOException {
    Run run = open("one", Map.of());
    run.markReportOutdated();
    FinishedFiles.create(output.resolve("one"));
    assertThat(run.isComplete()).isTrue();
    run.markReportOutdated();
    assertThat(run.isComplete()).isFalse();
    run.markReportUpToDate();
    assertThat(run.isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_SUCCESS",
        "history.csv",
        "model.zip",
        "reconstructions",
        "figures/figure1-originals.png",
        "figures/interpolation.png",
        "evaluation.json",
        "report.html"
      })
  void runWithAMissingOutputIsNotComplete(String missing) throws IOException {
    Run run = open("one", Map.of());
    FinishedFiles.create(output.resolve("one"));
    assertThat(run.isComplete()).isTrue();
    Files.delete(output.resolve("one").resolve(missing));
    assertThat(run.isComplete()).isFalse();
  }

  @Test
  void reopensARunWithTheSameSettingsAndKeepsItsFile() throws IOException {
    Map<String, Object> options = Map.of("epochs", 3, "learning-rate", 1e-4, "seed", 7L);
    Run first = open("one", options);
    String yaml =
        "# a user's comment\n" + Files.readString(configuration(), StandardCharsets.UTF_8);
    Files.writeString(configuration(), yaml, StandardCharsets.UTF_8);

    assertThat(open("one", options).settings()).isEqualTo(first.settings());
    assertThat(configuration()).hasContent(yaml);
  }

  @Test
  void reopensARunWithItsStoredSettings() {
    Run first = open("one", Map.of("epochs", 3, "latent-channels", 16));
    Run again = open("one", Map.of());
    assertThat(again.settings()).isEqualTo(first.settings());
    assertThat(again.settings().epochs()).isEqualTo(3);
    assertThat(open("one", Map.of("latent-channels", 16)).settings()).isEqualTo(first.settings());
  }

  @Test
  void rejectsDifferentSettingsAndNamesBothValues() {
    open("one", Map.of("epochs", 3));
    assertThatThrownBy(() -> open("one", Map.of("epochs", 4)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("'one'", "epochs=3, found 4", "--run-id");
    assertThat(open("one", Map.of()).settings().epochs()).isEqualTo(3);
  }

  @Test
  void rejectsExplicitDefaultsThatDiffer() {
    open("one", Map.of("trainer", "local"));
    assertThatThrownBy(() -> open("one", Map.of("trainer", TrainerKind.SHARED)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("trainer=local, found shared");
  }

  @Test
  void detectsEveryDifferentSetting() {
    Run run = open("one", Map.of());
    Map<String, Object> different = NonDefaults.VALUES;
    assertThat(different.keySet()).isEqualTo(SettingsReader.values(run.settings()).keySet());
    different.forEach(
        (key, value) ->
            assertThatThrownBy(() -> open("one", Map.of(key, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(key + "=", ", found " + value));
  }

  @Test
  void namesTheCommandThatCreatesAMissingOutput() {
    assertThatThrownBy(() -> open("one", Map.of()).requireOutput(Run.MODEL, "train"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "Run 'one' has no model.zip in file:%s. Create it with: submit/sparkvae train --run-id one --output file:%s"
                .formatted(output.resolve("one"), output));
  }

  @Test
  void listsExistingRunsIfTheRunDoesNotExist() {
    Run mistyped = Run.open("oen", output.toString(), SettingsReader::settings, reporter);
    assertThatThrownBy(() -> mistyped.requireOutput(Run.MODEL, "train"))
        .hasMessage(
            "Run 'oen' does not exist in file:%s. Create it with: submit/sparkvae run --run-id oen --output file:%s"
                .formatted(output, output));
    open("one", Map.of());
    open("two", Map.of());
    assertThatThrownBy(() -> mistyped.requireOutput(Run.MODEL, "train"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "Run 'oen' does not exist in file:%s. Existing runs: one, two.".formatted(output));
  }

  @Test
  void invalidSettingsCreateNoRun() {
    assertThatThrownBy(() -> open("one", Map.of("epochs", 0)))
        .isInstanceOf(ConfigurationException.class);
    assertThat(output).isEmptyDirectory();
  }

  @Test
  void namesADamagedSettingsFile() throws IOException {
    open("one", Map.of());
    Files.writeString(configuration(), "epoch: 3\n", StandardCharsets.UTF_8);
    assertThatThrownBy(() -> open("one", Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(configuration().toString(), "epoch", "Did you mean 'epochs'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "..", "../x", "a/b", "/a", "_a", ".a", "-a", "a b", "a\n", "a\r", "a\u0000",
        "a\u001b", "ä", "a漢", "a😀", "a\u202e", "a:b", "a*", "a\\b", "current"
      })
  void rejectsInvalidRunIds(String id) {
    assertThatThrownBy(() -> open(id, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("--run-id: '" + id + "'");
    assertThat(output).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {243, 250, 255, 256, 300, 10_000})
  void rejectsRunIdsThatAreTooLong(int length) {
    assertThatThrownBy(() -> open("a".repeat(length), Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("--run-id: 'aaa")
        .hasMessageEndingWith("' has %d characters. Use at most 242.", length);
    assertThat(output).isEmptyDirectory();
  }

  /** Every name that contains the ID fits into the 255 bytes of a file system. */
  @ParameterizedTest
  @ValueSource(ints = {209, 210, 220, 241, 242})
  void longRunIdsCanBeComparedPublishedAndDeleted(int length) throws IOException {
    String id = "a".repeat(length);
    Run run = open(id, Map.of());
    FinishedFiles.create(output.resolve(id));
    run.directory().writeText("compare-%s.html".formatted(id), "");
    Storage runs = Storage.at(output.toString());
    PublishStage.publish(run, runs);
    assertThat(output.resolve("current").toRealPath()).isEqualTo(output.resolve(id).toRealPath());
    runs.deleteDirectory(id);
    assertThat(output.resolve(id)).doesNotExist();
  }

  /** A newer version has settings and values that this one does not know. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sed: 1 | unknown setting 'sed'",
        "latent-classes: 10 | unknown setting 'latent-classes'",
        "trainer: hierarchical | expected shared, allreduce, averaging or local, found hierarchical",
        "latent-channels: 8192 | expected an even number from 2 to 4096, found 8192",
        "batch-size: auto | expected a whole number of at most 2147483647, found auto"
      })
  void namesTheVersionThatWroteAnInvalidSetting(String yaml, String problem) throws IOException {
    open("one", Map.of());
    Files.writeString(configuration(), yaml, StandardCharsets.UTF_8);
    Path provenance = output.resolve("one/provenance.json");
    Files.writeString(
        provenance,
        "{\"versions\": {\"spark_vae\": \"9.1.0\", \"git_commit\": \"0123456789abcdef\"}}");
    assertThatThrownBy(() -> open("one", Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("file:" + configuration())
        .hasMessageContaining(
            problem
                + ". The run was created by spark-vae 9.1.0 (commit 0123456789), but this is spark-vae ")
        .hasMessageEndingWith(". Use the version that created the run.")
        .hasMessageNotContaining("Did you mean");
    // Without the version, or with a run of this version, the user must have changed the file.
    for (String text : List.of("{", "{}", "[]", "{\"versions\": 1}", ofThisVersion())) {
      Files.writeString(provenance, text);
      assertThatThrownBy(() -> open("one", Map.of()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining(problem)
          .hasMessageNotContaining("created by");
    }
  }

  private static String ofThisVersion() {
    return "{\"versions\": {\"spark_vae\": \"%s\", \"git_commit\": \"%s\"}}"
        .formatted(Provenance.program().get("spark_vae"), Provenance.program().get("git_commit"));
  }

  /** Another process holds the lock, and has not yet written the outputs. */
  @Test
  void commandsWithoutTheirInputsNameTheProcessThatWritesThem() {
    Run run = open("one", Map.of());
    RunPipeline pipeline = new RunPipeline(run, Optional.empty(), "sparkvae");
    EvaluationSize size = EvaluationSize.DEFAULT;
    Map<String, ThrowingCallable> commands =
        Map.of(
            "reconstruct", () -> pipeline.reconstruct(Latent.SAMPLE),
            "figures", pipeline::renderFigures,
            "sample", pipeline::sampleFromPrior,
            "evaluate", () -> pipeline.evaluate(size, new MetricThresholds(Map.of(), Map.of())),
            "report", () -> pipeline.report(Optional.empty()),
            "export", pipeline::export,
            "publish", () -> pipeline.publish(output.toString(), OptionalInt.empty()));
    RunLock lock = RunLock.acquire(run, () -> {});
    try {
      commands.forEach(
          (name, command) ->
              assertThatThrownBy(command)
                  .as(name)
                  .isInstanceOf(ConfigurationException.class)
                  .hasMessageStartingWith(
                      "Run 'one' is locked by process " + ProcessHandle.current().pid()));
    } finally {
      lock.release();
    }
    commands.forEach(
        (name, command) ->
            assertThatThrownBy(command).as(name).hasMessageContaining("submit/sparkvae"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "7",
        "model-1",
        "2026-11-22T095907",
        "2026-11-22T095907-0f3a9c",
        "a.b_c+d-e",
        "a.",
        "currents"
      })
  void acceptsValidRunIds(String id) {
    open(id, Map.of());
    assertThat(output.resolve(id).resolve("config.yaml")).isRegularFile();
    assertThat(open(id, Map.of()).settings()).isEqualTo(Settings.DEFAULTS);
  }

  @Test
  void runsAreIndependent() {
    open("one", Map.of("epochs", 3));
    assertThat(open("two", Map.of()).settings()).isEqualTo(Settings.DEFAULTS);
  }

  @Test
  void unwritableOutputIsATemporaryFailure() throws IOException {
    Path file = Files.createFile(output.resolve("file"));
    assertThatThrownBy(
            () ->
                Run.open("one", file.toString(), SettingsReader::settings, reporter)
                    .writeSettings())
        .isInstanceOf(TransientException.class)
        .hasMessageContaining(file.resolve("one").toString());
  }

  @Test
  void modelConfigMatchesTheSettings() {
    Run run =
        open(
            "one",
            Map.of(
                "latent-channels",
                16,
                "dropout",
                0.25,
                "lambda",
                2.5,
                "kl-warmup-epochs",
                4,
                "learning-rate",
                0.0625,
                "learning-rate-decay",
                0.75,
                "precision",
                "bfloat16",
                "seed",
                43));
    assertThat(run.modelConfig())
        .isEqualTo(
            new ModelConfig(
                16, DECODER_CHANNELS, 0.25, 2.5, 4, 0.0625, 0.75, 43, Precision.BFLOAT16));
  }

  @Test
  void skipsACompleteRun() throws IOException {
    Run run = open("one", Map.of());
    FinishedFiles.create(output.resolve("one"));
    // The data directory does not exist, so any stage would fail.
    new RunPipeline(run, Optional.of(output.resolve("absent").toString()), "sparkvae run").runAll();
    assertThat(reporter.lines).singleElement().asString().contains("'one' is complete");
  }
}
