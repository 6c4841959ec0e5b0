package org.sparkvae.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.sparkvae.model.ModelFile;
import org.sparkvae.storage.ChecksummedFiles;
import org.sparkvae.storage.Storage;

/**
 * A run's checkpoints, {@code epoch-0007/} with {@code model.zip} and {@code state.json} as {@link
 * ChecksummedFiles}. Only the last few are kept.
 */
public final class CheckpointDirectory {
  private static final int KEPT = 3;
  private static final String MODEL = "model.zip";
  private static final String STATE = "state.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Storage directory;
  private final Consumer<String> warnings;

  record State(int epoch, List<EpochRecord> history) {}

  public CheckpointDirectory(Storage directory, Consumer<String> warnings) {
    this.directory = directory;
    this.warnings = warnings;
  }

  void write(Checkpoint checkpoint) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(MODEL, model(checkpoint));
    files.put(STATE, state(checkpoint));
    ChecksummedFiles.write(directory, name(checkpoint.epoch()), files);
    List<String> names = oldestFirst();
    // Those of later epochs were damaged, or training would have gone on from one of them.
    List<String> later = names.subList(names.indexOf(name(checkpoint.epoch())) + 1, names.size());
    later.forEach(directory::deleteDirectory);
    later.clear();
    names.subList(0, Math.max(0, names.size() - KEPT)).forEach(directory::deleteDirectory);
  }

  private static byte[] model(Checkpoint checkpoint) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ModelFile.write(checkpoint.model(), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] state(Checkpoint checkpoint) {
    try {
      State state = new State(checkpoint.epoch(), checkpoint.history());
      return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(state) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The newest checkpoint that is whole; a damaged one is passed over with a warning. */
  public Optional<Checkpoint> latest() {
    List<String> names = oldestFirst();
    for (int i = names.size() - 1; i >= 0; i--) {
      Optional<Checkpoint> whole = read(names.get(i));
      if (whole.isPresent()) {
        return whole;
      }
    }
    return Optional.empty();
  }

  private Optional<Checkpoint> read(String name) {
    Storage checkpoint = directory.in(name);
    return ChecksummedFiles.read(
            checkpoint, List.of(MODEL, STATE), how -> warnDamaged(checkpoint, how))
        .flatMap(files -> read(name, files));
  }

  private Optional<Checkpoint> read(String name, Map<String, byte[]> files) {
    Storage checkpoint = directory.in(name);
    try {
      State read = JSON.readValue(files.get(STATE), State.class);
      if (!name(read.epoch()).equals(name)) {
        return damaged(checkpoint, STATE + " is of epoch " + read.epoch());
      }
      if (read.history() == null || read.history().size() != read.epoch()) {
        return damaged(checkpoint, STATE + " has not the history of each epoch");
      }
      History.check(read.history());
      return Optional.of(
          new Checkpoint(read.epoch(), ModelFile.read(files.get(MODEL)), read.history()));
    } catch (IOException | RuntimeException damaged) {
      return damaged(
          checkpoint, String.valueOf(damaged.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private Optional<Checkpoint> damaged(Storage checkpoint, String how) {
    warnDamaged(checkpoint, how);
    return Optional.empty();
  }

  private void warnDamaged(Storage checkpoint, String how) {
    warnings.accept(
        "%s is damaged (%s); going back to the checkpoint before it, or to the beginning"
            .formatted(checkpoint, how));
  }

  private List<String> oldestFirst() {
    List<String> names = directory.directories();
    // Somebody's copy of one is none of ours.
    names.removeIf(name -> !name.matches("epoch-\\d{4,}"));
    // The ten thousandth has a digit more.
    names.sort(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
    return names;
  }

  private static String name(int epoch) {
    return "epoch-%04d".formatted(epoch);
  }
}
