package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.testing.SmallModels;
import org.sparkvae.training.Checkpoint;
import org.sparkvae.training.CheckpointStore;
import org.sparkvae.training.EpochRecord;

/** Puts models of other shapes into a run, wherever it reads a model. */
class OtherModelTest {
  private static final EpochRecord EPOCH =
      new EpochRecord(1, 0.2, 0.3, 0.2, 0.3, 0.01, 0.01, 0.3, 0.01, 60_000, 1, 60_000, 0);

  @TempDir Path output;
  private final RecordingReporter reporter = new RecordingReporter();
  private Run run;

  @BeforeEach
  void createRun() {
    Map<String, Object> options = Map.of("latent-channels", 4, "epochs", 3, "trainer", "local");
    run =
        Run.open("one", output.toString(), reader -> reader.options(options).settings(), reporter);
    run.writeSettings();
  }

  /** Returns a model of the run with another decoder. */
  private ComputationGraph withDecoder(List<Integer> channels) {
    ModelConfig config = run.modelConfig();
    return SmallModels.untrained(
        new ModelConfig(
            config.latentChannels(),
            channels,
            config.dropout(),
            config.lambda(),
            config.klWarmupEpochs(),
            config.learningRate(),
            config.learningRateDecay(),
            config.seed()),
        LayerBackend.CPU);
  }

  private void writeModel(ComputationGraph model) throws Exception {
    Files.createDirectories(output.resolve("one"));
    try (OutputStream file = Files.newOutputStream(output.resolve("one/model.zip"))) {
      ModelFile.write(model, file);
    }
  }

  private void save(ComputationGraph model) {
    new CheckpointStore(run.directory(), reporter::warn)
        .save(new Checkpoint(1, model, List.of(EPOCH)));
  }

  private static String message(String file, String difference) {
    return "%s: %s. Restore it from a copy, or use another --run-id.".formatted(file, difference);
  }

  @Test
  void finalModelIsRefused() throws Exception {
    String file = "file:" + output.resolve("one/model.zip");
    List<Integer> channels = run.modelConfig().decoderChannels();
    int blocks = channels.size();
    writeModel(VaeGraph.untrained(run.modelConfig()));
    assertThat(run.model().numParams()).isPositive();
    writeModel(withDecoder(Stream.concat(channels.stream(), Stream.of(1)).toList()));
    assertThatThrownBy(() -> run.model())
        .isInstanceOf(InputDataException.class)
        .hasMessage(message(file, "it has the unexpected layer 'block%d'".formatted(blocks + 1)));
    writeModel(withDecoder(channels.subList(1, blocks)));
    assertThatThrownBy(() -> run.model())
        .hasMessage(message(file, "it has no layer 'block%d'".formatted(blocks)));
    writeModel(SmallModels.untrained(new ModelConfig(16, 0.01, 0.5, 0.001, 42)));
    assertThatThrownBy(() -> run.model())
        .hasMessage(message(file, "its layer 'mean' has 16 output channels, expected 4"));
  }

  @Test
  void trainingDoesNotResumeFromIt() {
    List<Integer> channels = new ArrayList<>(run.modelConfig().decoderChannels());
    int first = channels.set(0, 7);
    save(withDecoder(channels));
    assertThatThrownBy(() -> TrainStage.train(run, null))
        .isInstanceOf(InputDataException.class)
        .hasMessage(
            message(
                "file:" + output.resolve("one/checkpoints/epoch-0001/model.zip"),
                "its layer 'block1' has 7 output channels, expected " + first));
    assertThat(reporter.lines).isEmpty();
    assertThat(output.resolve("one/model.zip")).doesNotExist();
  }
}
