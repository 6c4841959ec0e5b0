package org.sparkvae.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.codec.digest.DigestUtils;
import org.sparkvae.model.ModelFile;
import org.sparkvae.storage.Storage;

/**
 * A run's checkpoints, {@code epoch-0007/} with {@code model.zip} and {@code state.json}: complete
 * or absent. Only the last few are kept.
 */
public final class Checkpoints {
  private static final int KEPT = 3;
  private static final String MODEL = "model.zip";
  private static final String STATE = "state.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Storage directory;
  private final Consumer<String> warnings;

  record State(int epoch, String modelSha256, List<EpochRecord> history) {}

  public Checkpoints(Storage directory, Consumer<String> warnings) {
    this.directory = directory;
    this.warnings = warnings;
  }

  void write(Checkpoint checkpoint) {
    directory.writeDirectory(
        name(checkpoint.epoch()),
        aside -> {
          ByteArrayOutputStream model = new ByteArrayOutputStream();
          ModelFile.write(checkpoint.model(), model);
          State state =
              new State(
                  checkpoint.epoch(),
                  DigestUtils.sha256Hex(model.toByteArray()),
                  checkpoint.history());
          aside.write(MODEL, model::writeTo);
          aside.writeText(
              STATE, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(state) + "\n");
        });
    List<String> names = oldestFirst();
    names.subList(0, Math.max(0, names.size() - KEPT)).forEach(directory::delete);
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
    if (!checkpoint.has(STATE) || !checkpoint.has(MODEL)) {
      return damaged(checkpoint, "a file is missing");
    }
    String text = checkpoint.readText(STATE);
    byte[] model = checkpoint.read(MODEL, InputStream::readAllBytes);
    try {
      State state = JSON.readValue(text, State.class);
      if (!DigestUtils.sha256Hex(model).equals(state.modelSha256())) {
        throw new IOException(MODEL + " is not what " + STATE + " says it is");
      }
      return Optional.of(new Checkpoint(state.epoch(), ModelFile.read(model), state.history()));
    } catch (IOException | RuntimeException damaged) {
      return damaged(
          checkpoint, String.valueOf(damaged.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private Optional<Checkpoint> damaged(Storage checkpoint, String how) {
    warnings.accept(
        "%s is damaged (%s); going back to the checkpoint before it, or to the beginning"
            .formatted(checkpoint, how));
    return Optional.empty();
  }

  private List<String> oldestFirst() {
    List<String> names = directory.names();
    // The ten thousandth has a digit more.
    names.sort(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
    return names;
  }

  private static String name(int epoch) {
    return "epoch-%04d".formatted(epoch);
  }
}
