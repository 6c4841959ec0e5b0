package org.sparkvae.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.io.function.Uncheck;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.model.ModelFile;
import org.sparkvae.storage.ChecksummedFiles;
import org.sparkvae.storage.Storage;

/**
 * The files of a run's checkpoints, in the directory {@code checkpoints/}. Each checkpoint is a
 * directory such as {@code epoch-0007/}, which holds {@code model.zip} and {@code state.json} as
 * {@link ChecksummedFiles}. Only the latest three checkpoints are kept. {@link CheckpointStore}
 * adds {@code history.csv}.
 *
 * @param directory the directory, which need not exist
 * @param warnings the consumer of warnings about damaged checkpoints
 */
public record CheckpointDirectory(Storage directory, Consumer<String> warnings) {
  private static final int MAX_CHECKPOINTS = 3;
  static final String MODEL = "model.zip";
  private static final String STATE = "state.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  record State(int epoch, List<EpochRecord> history) {}

  /** Writes a checkpoint and deletes those that are no longer needed. */
  void write(Checkpoint checkpoint) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(MODEL, modelBytes(checkpoint));
    files.put(STATE, stateBytes(checkpoint));
    ChecksummedFiles.write(directory, name(checkpoint.epoch()), files);
    List<String> names = namesOldestFirst();
    // Checkpoints of later epochs are damaged. Otherwise training would have resumed from them.
    List<String> later = names.subList(names.indexOf(name(checkpoint.epoch())) + 1, names.size());
    later.forEach(directory::deleteDirectory);
    later.clear();
    names
        .subList(0, Math.max(0, names.size() - MAX_CHECKPOINTS))
        .forEach(directory::deleteDirectory);
  }

  private static byte[] modelBytes(Checkpoint checkpoint) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Uncheck.run(() -> ModelFile.write(checkpoint.model(), bytes));
    return bytes.toByteArray();
  }

  private static byte[] stateBytes(Checkpoint checkpoint) {
    JsonNode state = JSON.valueToTree(new State(checkpoint.epoch(), checkpoint.history()));
    return (state.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the newest intact checkpoint. Skips each damaged one with a warning. */
  public Optional<Checkpoint> latest() {
    List<String> names = namesOldestFirst();
    for (int i = names.size() - 1; i >= 0; i--) {
      Optional<Checkpoint> checkpoint = read(names.get(i));
      if (checkpoint.isPresent()) {
        return checkpoint;
      }
    }
    return Optional.empty();
  }

  private Optional<Checkpoint> read(String name) {
    Storage checkpoint = directory.child(name);
    return ChecksummedFiles.read(
            checkpoint, List.of(MODEL, STATE), reason -> warnDamaged(checkpoint, reason))
        .flatMap(files -> parse(name, files));
  }

  private Optional<Checkpoint> parse(String name, Map<String, byte[]> files) {
    Storage checkpoint = directory.child(name);
    try {
      State state = JSON.readValue(files.get(STATE), State.class);
      if (!name(state.epoch()).equals(name)) {
        return damaged(checkpoint, STATE + " belongs to epoch " + state.epoch());
      }
      if (state.history() == null || state.history().size() != state.epoch()) {
        return damaged(checkpoint, STATE + " does not hold one history record per epoch");
      }
      History.check(state.history());
      return Optional.of(
          new Checkpoint(state.epoch(), ModelFile.read(files.get(MODEL)), state.history()));
    } catch (IOException | RuntimeException e) {
      return damaged(checkpoint, ErrorText.firstLine(e));
    }
  }

  private Optional<Checkpoint> damaged(Storage checkpoint, String reason) {
    warnDamaged(checkpoint, reason);
    return Optional.empty();
  }

  private void warnDamaged(Storage checkpoint, String reason) {
    warnings.accept(
        "%s: the checkpoint is damaged (%s). Training resumes from the checkpoint before it, or from the beginning if there is none."
            .formatted(checkpoint, reason));
  }

  private List<String> namesOldestFirst() {
    List<String> names = directory.listDirectories();
    // Ignore copies that a user made, such as epoch-0001.bak.
    names.removeIf(name -> !name.matches("epoch-\\d{4,}"));
    // From epoch 10,000 on, names have more than four digits.
    names.sort(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
    return names;
  }

  static String name(int epoch) {
    return "epoch-%04d".formatted(epoch);
  }
}
