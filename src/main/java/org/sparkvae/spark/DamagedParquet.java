package org.sparkvae.spark;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.ChecksumException;
import org.sparkvae.failure.InputDataFailure;

/** A Parquet file that is not what was written: it fails in many ways, all of them Parquet's. */
public final class DamagedParquet {
  private static final Pattern READER =
      Pattern.compile(
          "org\\.apache\\.(parquet\\..*(Reader|MetadataConverter).*"
              + "|spark\\.sql\\.execution\\.datasources\\.parquet\\.(Vectorized|Parquet.*Reader).*)");

  /** Where it lies, down to the split's directory. */
  private static final Pattern FILE =
      Pattern.compile("(\\w+:/\\S*?)(/split=\\w+/[^/\\s]+\\.parquet)");

  private DamagedParquet() {}

  /** What to throw in place of what reading threw, if damage is the reason. */
  static Optional<InputDataFailure> in(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (isReason(cause)) {
        return Optional.of(failure(thrown, cause));
      }
    }
    return Optional.empty();
  }

  /**
   * A file system's own failure comes as an {@link IOException}, and so does a header that cannot
   * be understood.
   */
  private static boolean isReason(Throwable cause) {
    if (cause instanceof ChecksumException) {
      return true;
    }
    String message = String.valueOf(cause.getMessage());
    boolean ofContent =
        cause instanceof RuntimeException
            || (cause instanceof IOException && message.startsWith("can not read class"));
    return ofContent
        && Arrays.stream(cause.getStackTrace())
            .anyMatch(frame -> READER.matcher(frame.getClassName()).matches());
  }

  /**
   * What to throw in place of something that reading a file threw.
   *
   * @throws IOException that was thrown, if the file system failed
   */
  public static InputDataFailure explained(Exception thrown) throws IOException {
    Optional<InputDataFailure> damaged = in(thrown);
    if (damaged.isPresent()) {
      return damaged.get();
    }
    if (thrown instanceof IOException outside) {
      throw outside;
    }
    throw (RuntimeException) thrown;
  }

  private static InputDataFailure failure(Throwable thrown, Throwable reason) {
    String how = String.valueOf(reason.getMessage()).lines().findFirst().orElse("");
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Matcher file = FILE.matcher(String.valueOf(cause.getMessage()));
      if (file.find()) {
        return new InputDataFailure(
            "%s is damaged in %s (%s); put it back from a copy, or delete it and make it anew with: %s"
                .formatted(
                    file.group(1),
                    file.group(2).substring(1),
                    how,
                    file.group(1).contains("/_data/") ? "data" : "reconstruct"),
            thrown);
      }
    }
    return new InputDataFailure(
        "a Parquet file of the run is damaged (%s); put it back from a copy, or delete reconstructions/ and make it anew with: reconstruct"
            .formatted(how),
        thrown);
  }
}
