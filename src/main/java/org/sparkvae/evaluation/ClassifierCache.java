package org.sparkvae.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.storage.ChecksummedFiles;
import org.sparkvae.storage.Storage;

/**
 * Trained classifiers, one for each set of images: {@code model.zip} and {@code state.json} as
 * {@link ChecksummedFiles}.
 */
public final class ClassifierCache {
  private static final String MODEL = "model.zip";
  private static final String STATE = "state.json";
  private static final int SHORT_HEX = 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Storage directory;
  private final Consumer<String> warnings;

  /**
   * A classifier that has been trained.
   *
   * @param archive for {@link DigitClassifier#read}
   * @param testAccuracy on the test images of its set, 10,000 at most
   */
  // Made once and never compared.
  @SuppressWarnings("ArrayRecordComponent")
  public record Trained(byte[] archive, double testAccuracy) {
    /** SHA-256 of the weights; the archive itself names the time at which it was written. */
    public String weightsChecksum() {
      return DigitClassifier.read(archive).weightsChecksum();
    }
  }

  private record State(double testAccuracy) {}

  public ClassifierCache(Storage directory, Consumer<String> warnings) {
    this.directory = directory;
    this.warnings = warnings;
  }

  /** The classifier of a set, if it is here and whole; of one that is not is warned. */
  public Optional<Trained> find(String setChecksum) {
    try {
      return read(setChecksum);
    } catch (TransientException e) {
      // Among other reasons because another process is just replacing it.
      warnings.accept("the classifier's cache cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Trained> read(String setChecksum) {
    Storage place = directory.in(name(setChecksum));
    if (!directory.has(name(setChecksum))) {
      return Optional.empty();
    }
    return ChecksummedFiles.read(place, List.of(MODEL, STATE), how -> warnDamaged(place, how))
        .flatMap(files -> trained(place, files));
  }

  private Optional<Trained> trained(Storage place, Map<String, byte[]> files) {
    try {
      State state = JSON.readValue(files.get(STATE), State.class);
      if (state == null || !(state.testAccuracy() >= 0 && state.testAccuracy() <= 1)) {
        throw new InputDataException("it has no accuracy");
      }
      DigitClassifier.read(files.get(MODEL));
      return Optional.of(new Trained(files.get(MODEL), state.testAccuracy()));
    } catch (IOException | InputDataException e) {
      warnDamaged(place, e.getMessage().lines().findFirst().orElse(""));
      return Optional.empty();
    }
  }

  private void warnDamaged(Storage place, String how) {
    warnings.accept("%s is damaged (%s); the classifier is trained anew".formatted(place, how));
  }

  /** Keeps the classifier of a set. */
  public void keep(String setChecksum, Trained trained) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(MODEL, trained.archive());
    files.put(STATE, state(trained));
    ChecksummedFiles.write(directory, name(setChecksum), files);
  }

  private static byte[] state(Trained trained) {
    try {
      return (JSON.writeValueAsString(new State(trained.testAccuracy())) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(String setChecksum) {
    return "%s-v%d".formatted(setChecksum.substring(0, SHORT_HEX), DigitClassifier.VERSION);
  }
}
