package org.sparkvae.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.sparkvae.model.ModelFile;
import org.sparkvae.storage.Storage;

/**
 * A run's checkpoints, {@code epoch-0007/} with {@code model.zip}, {@code state.json} and the
 * {@code SHA256SUMS} of the two: complete or absent. Only the last few are kept.
 */
public final class Checkpoints {
  private static final int KEPT = 3;
  private static final String MODEL = "model.zip";
  private static final String STATE = "state.json";
  private static final String SUMS = "SHA256SUMS";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Storage directory;
  private final Consumer<String> warnings;

  record State(int epoch, List<EpochRecord> history) {}

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
          byte[] state =
              (JSON.writerWithDefaultPrettyPrinter()
                          .writeValueAsString(new State(checkpoint.epoch(), checkpoint.history()))
                      + "\n")
                  .getBytes(StandardCharsets.UTF_8);
          aside.write(MODEL, model::writeTo);
          aside.write(STATE, stream -> stream.write(state));
          aside.writeText(SUMS, sums(model.toByteArray(), state));
        });
    List<String> names = oldestFirst();
    // Those of later epochs were damaged, or training would have gone on from one of them.
    List<String> later = names.subList(names.indexOf(name(checkpoint.epoch())) + 1, names.size());
    later.forEach(directory::delete);
    later.clear();
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
    if (!Stream.of(STATE, MODEL, SUMS).allMatch(checkpoint::has)) {
      return damaged(checkpoint, "a file is missing");
    }
    byte[] state = checkpoint.read(STATE, InputStream::readAllBytes);
    byte[] model = checkpoint.read(MODEL, InputStream::readAllBytes);
    if (!checkpoint.readText(SUMS).equals(sums(model, state))) {
      return damaged(checkpoint, "its files are not those that were written");
    }
    try {
      State read = JSON.readValue(state, State.class);
      if (!name(read.epoch()).equals(name)) {
        return damaged(checkpoint, STATE + " is of epoch " + read.epoch());
      }
      return Optional.of(new Checkpoint(read.epoch(), ModelFile.read(model), read.history()));
    } catch (IOException | RuntimeException damaged) {
      return damaged(
          checkpoint, String.valueOf(damaged.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /** As {@code sha256sum} writes and checks them. */
  private static String sums(byte[] model, byte[] state) {
    return "%s  %s\n%s  %s\n"
        .formatted(DigestUtils.sha256Hex(model), MODEL, DigestUtils.sha256Hex(state), STATE);
  }

  private Optional<Checkpoint> damaged(Storage checkpoint, String how) {
    warnings.accept(
        "%s is damaged (%s); going back to the checkpoint before it, or to the beginning"
            .formatted(checkpoint, how));
    return Optional.empty();
  }

  private List<String> oldestFirst() {
    List<String> names = directory.names();
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
