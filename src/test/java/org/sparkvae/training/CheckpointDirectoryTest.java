package org.sparkvae.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.storage.Storage;
import org.sparkvae.testing.SmallModels;

class CheckpointDirectoryTest {
  private static ComputationGraph untrained;
  private static ComputationGraph trained;

  /** A directory that tests copy: epoch 1 of the trained model, epoch 2 of the untrained model. */
  @TempDir private static Path written;

  @TempDir Path directory;
  private final List<String> warnings = new ArrayList<>();

  @BeforeAll
  static void writeTwoCheckpoints() {
    untrained = SmallModels.untrained(SmallModels.SMALLEST);
    trained = SmallModels.trained(2);
    CheckpointDirectory checkpoints =
        new CheckpointDirectory(
            Storage.at(written.toString()),
            warning -> {
              throw new AssertionError(warning);
            });
    checkpoints.write(new Checkpoint(1, trained, history(1)));
    checkpoints.write(checkpoint(2));
  }

  private void copyTwoCheckpoints() throws IOException {
    FileUtils.copyDirectory(written.toFile(), directory.toFile());
  }

  private CheckpointDirectory checkpoints() {
    return new CheckpointDirectory(Storage.at(directory.toString()), warnings::add);
  }

  private static List<EpochRecord> history(int epochs) {
    return IntStream.rangeClosed(1, epochs)
        .mapToObj(
            n ->
                new EpochRecord(
                    n, 0.1 + 0.2, 1 / 3.0, 3, 4, 5, 6, 7, 8, 60_000, 1.5, Math.PI, 0.25))
        .toList();
  }

  private static Checkpoint checkpoint(int epoch) {
    return new Checkpoint(epoch, untrained, history(epoch));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Path model(int epoch) {
    return directory.resolve("epoch-000" + epoch).resolve("model.zip");
  }

  private Path state(int epoch) {
    return directory.resolve("epoch-000" + epoch).resolve("state.json");
  }

  private Path checksums(int epoch) {
    return directory.resolve("epoch-000" + epoch).resolve("SHA256SUMS");
  }

  @Test
  void findsNoCheckpointInEmptyDirectory() {
    assertThat(checkpoints().latest()).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void readsBackParametersUpdaterStateIterationCountAndHistory() throws IOException {
    INDArray updaterState = trained.getUpdater().getStateViewArray();
    assertThat(updaterState.normmaxNumber().doubleValue()).isPositive();

    checkpoints().write(new Checkpoint(7, trained, history(7)));
    Checkpoint read = checkpoints().latest().orElseThrow();

    assertThat(read.epoch()).isEqualTo(7);
    assertThat(read.history()).isEqualTo(history(7));
    assertThat(read.model().params()).isEqualTo(trained.params());
    assertThat(read.model().getUpdater().getStateViewArray()).isEqualTo(updaterState);
    assertThat(read.model().getConfiguration().getIterationCount()).isEqualTo(2);
    assertThat(names()).containsExactly("epoch-0007");
    assertThat(warnings).isEmpty();
  }

  @Test
  void writingAnEarlierEpochDeletesLaterDamagedCheckpoints() throws IOException {
    for (int epoch : List.of(5, 6, 7)) {
      checkpoints().write(checkpoint(epoch));
      Files.delete(model(epoch));
    }
    assertThat(checkpoints().latest()).isEmpty();
    checkpoints().write(checkpoint(1));
    assertThat(names()).containsExactly("epoch-0001");
    checkpoints().write(checkpoint(2));
    assertThat(checkpoints().latest().orElseThrow().epoch()).isEqualTo(2);
  }

  @Test
  void resumedTrainingEqualsUninterruptedTraining() throws IOException {
    FileUtils.copyDirectory(
        written.resolve("epoch-0001").toFile(), directory.resolve("epoch-0001").toFile());
    ComputationGraph uninterrupted = SmallModels.trained(2);
    ComputationGraph resumed = checkpoints().latest().orElseThrow().model();

    uninterrupted.fit(SmallModels.minibatch());
    resumed.fit(SmallModels.minibatch());

    assertThat(resumed.params()).isEqualTo(uninterrupted.params());
    assertThat(resumed.params()).isNotEqualTo(trained.params());
    assertThat(resumed.score()).isEqualTo(uninterrupted.score());
  }

  @Test
  void checksumsPassSha256sum() throws Exception {
    copyTwoCheckpoints();
    assertThat(Files.readString(state(2), StandardCharsets.UTF_8))
        .contains("\"epoch\" : 2", "\"train_loss_last\" : 0.30000000000000004");
    Process check =
        new ProcessBuilder("sha256sum", "--check", "--strict", "SHA256SUMS")
            .directory(directory.resolve("epoch-0002").toFile())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("model.zip: OK\nstate.json: OK\n");
  }

  @Test
  void keepsTheLatestThreeCheckpointsAndReturnsTheNewest() throws IOException {
    for (int epoch = 9; epoch <= 12; epoch++) {
      checkpoints().write(checkpoint(epoch));
    }
    assertThat(names()).containsExactly("epoch-0010", "epoch-0011", "epoch-0012");
    assertThat(checkpoints().latest().orElseThrow().epoch()).isEqualTo(12);
  }

  @Test
  void epoch10000IsNewerThanEpoch9999() {
    checkpoints().write(new Checkpoint(9999, untrained, history(9999)));
    checkpoints().write(new Checkpoint(10_000, untrained, history(10_000)));
    assertThat(checkpoints().latest().orElseThrow().epoch()).isEqualTo(10_000);
  }

  @Test
  void replacesACheckpointOfTheSameEpoch() throws IOException {
    checkpoints().write(checkpoint(1));
    checkpoints().write(new Checkpoint(1, trained, history(1)));
    assertThat(names()).containsExactly("epoch-0001");
    assertThat(checkpoints().latest().orElseThrow().model().params()).isEqualTo(trained.params());
    assertThat(warnings).isEmpty();
  }

  /** A kind of damage to a checkpoint. */
  enum Damage {
    MODEL_BYTE_CHANGED,
    MODEL_TRUNCATED,
    MODEL_OF_ANOTHER_EPOCH,
    MODEL_MISSING,
    MODEL_EMPTY,
    STATE_TRUNCATED,
    STATE_EMPTY,
    STATE_OF_ANOTHER_EPOCH,
    STATE_MISSING,
    CHECKSUMS_TRUNCATED,
    CHECKSUMS_EMPTY,
    CHECKSUMS_MISSING,
    ALL_OF_ANOTHER_EPOCH
  }

  private void damage(int epoch, Damage damage) throws IOException {
    byte[] model = Files.readAllBytes(model(epoch));
    String state = Files.readString(state(epoch), StandardCharsets.UTF_8);
    switch (damage) {
      case MODEL_BYTE_CHANGED -> {
        model[model.length / 2] ^= 1;
        Files.write(model(epoch), model);
      }
      case MODEL_TRUNCATED -> Files.write(model(epoch), Arrays.copyOf(model, 1000));
      case MODEL_OF_ANOTHER_EPOCH -> Files.write(model(epoch), Files.readAllBytes(model(1)));
      case MODEL_MISSING -> Files.delete(model(epoch));
      case MODEL_EMPTY -> Files.write(model(epoch), new byte[0]);
      case STATE_TRUNCATED ->
          Files.writeString(
              state(epoch), state.substring(0, state.length() / 2), StandardCharsets.UTF_8);
      case STATE_EMPTY -> Files.writeString(state(epoch), "", StandardCharsets.UTF_8);
      case STATE_OF_ANOTHER_EPOCH -> Files.write(state(epoch), Files.readAllBytes(state(1)));
      case STATE_MISSING -> Files.delete(state(epoch));
      case CHECKSUMS_TRUNCATED ->
          Files.write(checksums(epoch), Arrays.copyOf(Files.readAllBytes(checksums(epoch)), 80));
      case CHECKSUMS_EMPTY -> Files.write(checksums(epoch), new byte[0]);
      case CHECKSUMS_MISSING -> Files.delete(checksums(epoch));
      case ALL_OF_ANOTHER_EPOCH ->
          FileUtils.copyDirectory(
              directory.resolve("epoch-0001").toFile(), directory.resolve("epoch-0002").toFile());
      default -> throw new AssertionError(damage);
    }
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void skipsDamagedCheckpointWithWarning(Damage damage) throws IOException {
    copyTwoCheckpoints();
    damage(2, damage);

    Checkpoint latest = checkpoints().latest().orElseThrow();

    assertThat(latest.epoch()).isEqualTo(1);
    assertThat(latest.history()).isEqualTo(history(1));
    assertThat(latest.model().params()).isEqualTo(trained.params());
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains(directory.resolve("epoch-0002").toString(), "damaged");
  }

  @Test
  void detectsChangedByteAtAnyPosition() throws IOException {
    copyTwoCheckpoints();
    FileUtils.deleteDirectory(directory.resolve("epoch-0001").toFile());
    assertThat(checkpoints().latest()).isPresent();
    // The complete build changes every byte of the small files, one after the other.
    int step = Boolean.getBoolean("complete") ? 1 : 11;
    assertEveryChangeIsDetected(state(2), step);
    assertEveryChangeIsDetected(checksums(2), step);
    assertEveryChangeIsDetected(model(2), step * (int) (Files.size(model(2)) / 500));
    assertThat(checkpoints().latest()).isPresent();
  }

  private void assertEveryChangeIsDetected(Path file, int step) throws IOException {
    byte[] original = Files.readAllBytes(file);
    for (int position = 0; position < original.length; position += step) {
      byte[] changed = original.clone();
      changed[position] ^= (byte) (1 << position % 8);
      Files.write(file, changed);
      warnings.clear();
      assertThat(checkpoints().latest()).as("%s, byte %d", file, position).isEmpty();
      assertThat(warnings).hasSize(1);
    }
    Files.write(file, original);
  }

  @Test
  void ignoresCopiesMadeByAUser() throws IOException {
    copyTwoCheckpoints();
    for (String copy : List.of("epoch-0001.bak", "epoch-0001.old", "epoch-0001 (copy)")) {
      FileUtils.copyDirectory(
          directory.resolve("epoch-0001").toFile(), directory.resolve(copy).toFile());
    }
    checkpoints().write(checkpoint(3));
    assertThat(checkpoints().latest().orElseThrow().epoch()).isEqualTo(3);
    assertThat(names()).hasSize(6);
    assertThat(warnings).isEmpty();
  }

  @Test
  void replacesDamagedCheckpointOfTheSameEpoch() throws IOException {
    copyTwoCheckpoints();
    damage(2, Damage.MODEL_TRUNCATED);
    checkpoints().write(checkpoint(2));
    assertThat(checkpoints().latest().orElseThrow().epoch()).isEqualTo(2);
    assertThat(warnings).isEmpty();
  }

  @Test
  void findsNoCheckpointIfAllAreDamaged() throws IOException {
    copyTwoCheckpoints();
    damage(1, Damage.STATE_MISSING);
    damage(2, Damage.MODEL_BYTE_CHANGED);
    assertThat(checkpoints().latest()).isEmpty();
    assertThat(warnings).hasSize(2);
  }

  @Test
  void ignoresPartlyWrittenCheckpoints() throws IOException {
    copyTwoCheckpoints();
    Files.createDirectories(directory.resolve("_writing-epoch-0009-x"));
    Files.createDirectories(directory.resolve(".tmp"));
    assertThat(checkpoints().latest().orElseThrow().epoch()).isEqualTo(2);
    assertThat(warnings).isEmpty();
  }
}
