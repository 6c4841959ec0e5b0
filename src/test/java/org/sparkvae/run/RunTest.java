package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sparkvae.model.ModelConfig.DECODER_CHANNELS;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.config.NonDefaults;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.model.ModelConfig;

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
      strings = {"", ".", "..", "../x", "a/b", "/a", "_a", ".a", "-a", "a b", "a\n", "ä", "a:b"})
  void rejectsInvalidRunIds(String id) {
    assertThatThrownBy(() -> open(id, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("--run-id: '" + id + "'");
    assertThat(output).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "7", "model-1", "2026-11-22T095907", "a.b_c+d-e"})
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
                "seed",
                43));
    assertThat(run.modelConfig())
        .isEqualTo(new ModelConfig(16, DECODER_CHANNELS, 0.25, 2.5, 4, 0.0625, 0.75, 43));
  }

  @Test
  void skipsACompleteRun() throws IOException {
    Run run = open("one", Map.of());
    FinishedFiles.create(output.resolve("one"));
    // The data directory does not exist, so any stage would fail.
    new RunPipeline(run, Optional.of(output.resolve("absent")), "sparkvae run").runAll();
    assertThat(reporter.lines).singleElement().asString().contains("'one' is complete");
  }
}
