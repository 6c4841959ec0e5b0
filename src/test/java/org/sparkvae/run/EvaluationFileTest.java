package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.evaluation.DigitClassifier;
import org.sparkvae.exception.InputDataException;

class EvaluationFileTest {
  private static final int IMAGES = 2000;
  private static final Map<String, Double> METRICS =
      Map.of(
          "beta",
          0.109375,
          "images_per_split",
          (double) IMAGES,
          "test.loss",
          0.25,
          "test.active_units",
          78.0);

  @TempDir Path output;
  private final RecordingReporter reporter = new RecordingReporter();
  private Run run;
  private Path directory;

  @BeforeEach
  void createRunWithModel() throws Exception {
    run = Run.open("r", output.toString(), reader -> reader.options(Map.of()).settings(), reporter);
    run.writeSettings();
    directory = output.resolve("r");
    Files.writeString(directory.resolve("model.zip"), "a model");
    Files.writeString(directory.resolve("provenance.json"), "{\"run_id\": \"r\"}");
  }

  private void writeMetrics() {
    EvaluationProvenance provenance = EvaluationProvenance.current(run, "abc");
    EvaluationFile.write(run, Set.of("beta"), METRICS, provenance);
    provenance.write(run);
  }

  @Test
  void keepsMetricsOfTheSameModel() throws Exception {
    assertThat(EvaluationFile.readValid(run, IMAGES, reporter::warn)).isEmpty();
    writeMetrics();
    assertThat(EvaluationFile.readValid(run, IMAGES, reporter::warn)).isEqualTo(METRICS);
    assertThat(EvaluationProvenance.read(run))
        .map(EvaluationProvenance::classifierChecksum)
        .contains("abc");
    assertThat(directory.resolve("provenance.json"))
        .content()
        .contains("\"run_id\" : \"r\"", "\"model_sha256\"", "\"classifier_version\"");
    assertThat(reporter.lines).isEmpty();
  }

  @Test
  void statesTheClassifierOnlyIfItWasUsed() throws Exception {
    writeMetrics();
    assertThat(directory.resolve("evaluation.json"))
        .content()
        .contains(
            "\"classifier.version\" : " + DigitClassifier.VERSION,
            "\"classifier.weights_sha256\" : \"abc\"");
    EvaluationFile.write(run, Set.of("beta"), METRICS, EvaluationProvenance.current(run, ""));
    assertThat(directory.resolve("evaluation.json")).content().doesNotContain("classifier.");
  }

  @Test
  void omitsTheMetricsOfFewerImages() {
    writeMetrics();
    assertThat(EvaluationFile.readValid(run, IMAGES / 2, reporter::warn)).isEqualTo(METRICS);
    assertThat(EvaluationFile.readValid(run, IMAGES + 1, reporter::warn))
        .isEqualTo(Map.of("beta", 0.109375, "test.loss", 0.25));
    assertThat(reporter.lines).isEmpty();
  }

  @Test
  void doesNotBelieveAnImpossibleNumberOfImages() throws Exception {
    writeMetrics();
    Files.writeString(
        directory.resolve("evaluation.json"), "{\"beta\": 1, \"images_per_split\": 1e9}");
    assertThat(EvaluationFile.readValid(run, IMAGES, reporter::warn))
        .isEqualTo(Map.of("beta", 1.0));
  }

  @Test
  void rejectsMetricsOfAnotherModel() throws Exception {
    writeMetrics();
    Files.writeString(directory.resolve("model.zip"), "another model");
    assertThat(EvaluationFile.readValid(run, IMAGES, reporter::warn)).isEmpty();
    assertThat(reporter.lines)
        .singleElement()
        .asString()
        .contains("evaluation.json is from another model");
  }

  @Test
  void rejectsMetricsWithoutProvenance() {
    EvaluationFile.write(run, Set.of("beta"), METRICS, EvaluationProvenance.current(run, ""));
    assertThat(EvaluationFile.readValid(run, IMAGES, reporter::warn)).isEmpty();
  }

  @Test
  void omitsMetricsWithoutValue() throws Exception {
    writeMetrics();
    Files.writeString(directory.resolve("evaluation.json"), "{\"beta\": 1, \"test.loss\": null}");
    assertThat(EvaluationFile.readValid(run, IMAGES, reporter::warn))
        .isEqualTo(Map.of("beta", 1.0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"run_id\": "})
  void damagedProvenanceIsAnInputDataError(String damaged) throws Exception {
    writeMetrics();
    Files.writeString(directory.resolve("provenance.json"), damaged);
    assertThatThrownBy(() -> EvaluationFile.readValid(run, IMAGES, reporter::warn))
        .isInstanceOf(InputDataException.class)
        .hasMessageContaining("provenance.json is damaged");
  }

  @Test
  void discardsADamagedFile() throws Exception {
    writeMetrics();
    Files.writeString(directory.resolve("evaluation.json"), "{\"beta\": ");
    assertThat(EvaluationFile.readValid(run, IMAGES, reporter::warn)).isEmpty();
    assertThat(reporter.lines).singleElement().asString().contains("is damaged");
  }
}
