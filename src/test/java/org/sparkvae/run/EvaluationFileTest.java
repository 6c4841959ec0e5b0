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
import org.sparkvae.exception.InputDataException;

class EvaluationFileTest {
  private static final Map<String, Double> MEASURED = Map.of("beta", 0.109375);

  @TempDir Path output;
  private final RecordingReporter reporter = new RecordingReporter();
  private Run run;
  private Path directory;

  @BeforeEach
  void aRunWithAModel() throws Exception {
    run = Run.open("r", output.toString(), lower -> lower.options(Map.of()).settings(), reporter);
    run.begin();
    directory = output.resolve("r");
    Files.writeString(directory.resolve("model.zip"), "a model");
    Files.writeString(directory.resolve("provenance.json"), "{\"run_id\": \"r\"}");
  }

  private void measure() {
    EvaluationFile.write(run, Set.of("beta"), MEASURED);
    EvaluationProvenance.of(run, "abc").write(run);
  }

  @Test
  void whatWasMeasuredIsKept() throws Exception {
    assertThat(EvaluationFile.readUsable(run, reporter::warn)).isEmpty();
    measure();
    assertThat(EvaluationFile.readUsable(run, reporter::warn)).isEqualTo(MEASURED);
    assertThat(EvaluationProvenance.read(run))
        .map(EvaluationProvenance::classifier)
        .contains("abc");
    assertThat(directory.resolve("provenance.json"))
        .content()
        .contains("\"run_id\" : \"r\"", "\"model_sha256\"", "\"classifier_version\"");
    assertThat(reporter.lines).isEmpty();
  }

  @Test
  void numbersOfAnotherModelAreNotThisOnes() throws Exception {
    measure();
    Files.writeString(directory.resolve("model.zip"), "another model");
    assertThat(EvaluationFile.readUsable(run, reporter::warn)).isEmpty();
    assertThat(reporter.lines)
        .singleElement()
        .asString()
        .contains("evaluation.json is of another model");
  }

  @Test
  void numbersThatNobodyVouchesForAreMeasuredAgain() {
    EvaluationFile.write(run, Set.of("beta"), MEASURED);
    assertThat(EvaluationFile.readUsable(run, reporter::warn)).isEmpty();
  }

  @Test
  void aNameWithoutNumberIsMissing() throws Exception {
    measure();
    Files.writeString(directory.resolve("evaluation.json"), "{\"beta\": 1, \"test.loss\": null}");
    assertThat(EvaluationFile.readUsable(run, reporter::warn)).isEqualTo(Map.of("beta", 1.0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"run_id\": "})
  void damagedProvenanceIsBadInput(String damaged) throws Exception {
    measure();
    Files.writeString(directory.resolve("provenance.json"), damaged);
    assertThatThrownBy(() -> EvaluationFile.readUsable(run, reporter::warn))
        .isInstanceOf(InputDataException.class)
        .hasMessageContaining("provenance.json is damaged");
  }

  @Test
  void aDamagedFileIsMadeAgain() throws Exception {
    measure();
    Files.writeString(directory.resolve("evaluation.json"), "{\"beta\": ");
    assertThat(EvaluationFile.readUsable(run, reporter::warn)).isEmpty();
    assertThat(reporter.lines).singleElement().asString().contains("is damaged");
  }
}
