package org.sparkvae.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.sparkvae.failure.OutsideFailure;
import org.sparkvae.storage.Storage;

/**
 * Trained classifiers, one for each set of images: {@code model.zip}, {@code state.json} and the
 * {@code SHA256SUMS} of the two; complete or absent.
 */
public final class ClassifierCache {
  private static final String MODEL = "model.zip";
  private static final String STATE = "state.json";
  private static final String SUMS = "SHA256SUMS";
  private static final int SHORT_HEX = 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Storage directory;
  private final Consumer<String> warnings;

  /**
   * A classifier that has been trained.
   *
   * @param archive for {@link DigitClassifier#read}
   * @param testAccuracy on all test images of its set
   */
  // Made once and never compared.
  @SuppressWarnings("ArrayRecordComponent")
  public record Trained(byte[] archive, double testAccuracy) {}

  private record State(double testAccuracy) {}

  public ClassifierCache(Storage directory, Consumer<String> warnings) {
    this.directory = directory;
    this.warnings = warnings;
  }

  /** The classifier of a set, if it is here and whole; of one that is not is warned. */
  public Optional<Trained> find(String setChecksum) {
    try {
      return read(setChecksum);
    } catch (OutsideFailure e) {
      // Among other reasons because another process is just replacing it.
      warnings.accept("the classifier's cache cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Trained> read(String setChecksum) {
    Storage place = directory.in(name(setChecksum));
    if (!Stream.of(MODEL, STATE, SUMS).allMatch(place::has)) {
      return Optional.empty();
    }
    byte[] model = place.read(MODEL, InputStream::readAllBytes);
    byte[] state = place.read(STATE, InputStream::readAllBytes);
    if (place.readText(SUMS).equals(sums(model, state))) {
      try {
        return Optional.of(new Trained(model, JSON.readValue(state, State.class).testAccuracy()));
      } catch (IOException e) {
        throw new IllegalStateException(place + " holds what this program never wrote", e);
      }
    }
    warnings.accept(place + " is damaged; the classifier is trained anew");
    return Optional.empty();
  }

  /** Keeps the classifier of a set. */
  public void keep(String setChecksum, Trained trained) {
    directory.writeDirectory(
        name(setChecksum),
        aside -> {
          byte[] state =
              (JSON.writeValueAsString(new State(trained.testAccuracy())) + "\n")
                  .getBytes(StandardCharsets.UTF_8);
          aside.write(MODEL, stream -> stream.write(trained.archive()));
          aside.write(STATE, stream -> stream.write(state));
          aside.writeText(SUMS, sums(trained.archive(), state));
        });
  }

  /** As {@code sha256sum} writes and checks them. */
  private static String sums(byte[] model, byte[] state) {
    return "%s  %s\n%s  %s\n"
        .formatted(DigestUtils.sha256Hex(model), MODEL, DigestUtils.sha256Hex(state), STATE);
  }

  private static String name(String setChecksum) {
    return "%s-v%d".formatted(setChecksum.substring(0, SHORT_HEX), DigitClassifier.VERSION);
  }
}
