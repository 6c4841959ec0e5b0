package org.sparkvae.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.storage.ChecksummedFiles;
import org.sparkvae.storage.Storage;

/**
 * A cache of trained classifiers, one for each data set. Each entry consists of {@code model.zip}
 * and {@code state.json}, stored as {@link ChecksummedFiles}.
 *
 * @param directory the directory of the cache, which need not exist
 * @param warnings the consumer of warnings about entries that cannot be used
 */
public record ClassifierCache(Storage directory, Consumer<String> warnings) {
  private static final String MODEL = "model.zip";
  private static final String STATE = "state.json";
  private static final int KEY_LENGTH = 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A trained classifier.
   *
   * @param archive the archive that {@link DigitClassifier#read} reads
   * @param testAccuracy the accuracy on the test images of its data set, at most 10,000
   */
  public record TrainedClassifier(byte[] archive, double testAccuracy) {
    /**
     * Returns the SHA-256 of the weights. The checksum of the archive would vary, because the
     * archive contains the time of writing.
     */
    public String weightsChecksum() {
      return DigitClassifier.read(archive).weightsChecksum();
    }
  }

  private record State(double testAccuracy) {}

  /**
   * Returns the classifier of a data set, or empty if the cache has none. An entry that is damaged
   * or cannot be read causes a warning and counts as missing.
   */
  public Optional<TrainedClassifier> find(String dataSetChecksum) {
    try {
      return read(dataSetChecksum);
    } catch (TransientException e) {
      // Another process may be replacing the entry.
      warnings.accept(
          "Classifier cache %s: cannot be read (%s). A new classifier is trained."
              .formatted(directory, ErrorText.firstLine(ExceptionUtils.getRootCauseMessage(e))));
      return Optional.empty();
    }
  }

  private Optional<TrainedClassifier> read(String dataSetChecksum) {
    Storage entry = directory.child(key(dataSetChecksum));
    if (!directory.exists(key(dataSetChecksum))) {
      return Optional.empty();
    }
    return ChecksummedFiles.read(entry, List.of(MODEL, STATE), reason -> warnDamaged(entry, reason))
        .flatMap(files -> parse(entry, files));
  }

  private Optional<TrainedClassifier> parse(Storage entry, Map<String, byte[]> files) {
    try {
      State state = JSON.readValue(files.get(STATE), State.class);
      if (state == null || !(state.testAccuracy() >= 0 && state.testAccuracy() <= 1)) {
        throw new InputDataException("it has no valid accuracy");
      }
      DigitClassifier.read(files.get(MODEL));
      return Optional.of(new TrainedClassifier(files.get(MODEL), state.testAccuracy()));
    } catch (IOException | InputDataException e) {
      warnDamaged(entry, ErrorText.firstLine(e));
      return Optional.empty();
    }
  }

  private void warnDamaged(Storage entry, String reason) {
    warnings.accept(
        "%s: the classifier is damaged (%s). A new classifier is trained."
            .formatted(entry, reason));
  }

  /** Stores the classifier of a data set. */
  public void put(String dataSetChecksum, TrainedClassifier classifier) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(MODEL, classifier.archive());
    State state = new State(classifier.testAccuracy());
    files.put(STATE, (JSON.valueToTree(state) + "\n").getBytes(StandardCharsets.UTF_8));
    ChecksummedFiles.write(directory, key(dataSetChecksum), files);
  }

  private static String key(String dataSetChecksum) {
    return "%s-v%d".formatted(dataSetChecksum.substring(0, KEY_LENGTH), DigitClassifier.VERSION);
  }
}
