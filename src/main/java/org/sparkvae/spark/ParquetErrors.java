package org.sparkvae.spark;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.ChecksumException;
import org.sparkvae.exception.InputDataException;

/** A Parquet file that is not what was written: it fails in many ways, all of them Parquet's. */
public final class ParquetErrors {
  private static final Pattern READER =
      Pattern.compile(
          "org\\.apache\\.(parquet\\..*(Reader|MetadataConverter).*"
              + "|spark\\.sql\\.execution\\.datasources\\.parquet\\.(Vectorized|Parquet.*Reader).*)");

  /** Where it lies, down to the split's directory. */
  private static final Pattern FILE =
      Pattern.compile("(\\w+:/\\S*?)(/split=\\w+/[^/\\s]+\\.parquet)");

  private ParquetErrors() {}

  /** What to throw in place of what reading threw, if damage is the reason. */
  static Optional<InputDataException> in(Throwable thrown) {
    List<Throwable> chain = ExceptionUtils.getThrowableList(thrown);
    // Whatever a reader throws for want of memory or of an answer says nothing of the file.
    if (chain.stream().anyMatch(ParquetErrors::isOfSomethingElse)) {
      return Optional.empty();
    }
    return chain.stream()
        .filter(ParquetErrors::isReason)
        .findFirst()
        .map(reason -> failure(thrown, firstLine(reason)));
  }

  private static boolean isOfSomethingElse(Throwable cause) {
    return cause instanceof VirtualMachineError
        || (cause instanceof IOException failure && !isOfContent(failure));
  }

  /** The few that are not a file system's own. */
  private static boolean isOfContent(IOException cause) {
    return cause instanceof ChecksumException
        || cause instanceof EOFException
        || String.valueOf(cause.getMessage()).startsWith("can not read class")
        // Spark's and thrift's, around a cause of their own.
        || cause.getCause() != null;
  }

  private static boolean isReason(Throwable cause) {
    if (cause instanceof ChecksumException) {
      return true;
    }
    return (cause instanceof RuntimeException || cause instanceof IOException)
        && Arrays.stream(cause.getStackTrace())
            .anyMatch(frame -> READER.matcher(frame.getClassName()).matches());
  }

  /**
   * What to throw in place of something that reading a file threw.
   *
   * @throws IOException that was thrown, if the file system failed
   */
  public static InputDataException explained(Exception thrown) throws IOException {
    Optional<InputDataException> damaged = in(thrown);
    if (damaged.isPresent()) {
      return damaged.get();
    }
    if (thrown instanceof IOException outside) {
      throw outside;
    }
    throw (RuntimeException) thrown;
  }

  /** What to throw where a file has not a column that it was written with. */
  public static InputDataException without(String column, String file) {
    return failure(new IllegalArgumentException(file), "it has no column " + column);
  }

  private static InputDataException failure(Throwable thrown, String how) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Matcher file = FILE.matcher(String.valueOf(cause.getMessage()));
      if (file.find()) {
        return new InputDataException(
            "%s is damaged in %s (%s); put it back from a copy, or delete it and make it anew with: %s"
                .formatted(
                    file.group(1),
                    file.group(2).substring(1),
                    how,
                    file.group(1).contains("/_data/") ? "data" : "reconstruct"),
            thrown);
      }
    }
    return new InputDataException(
        "a Parquet file of the run is damaged (%s); put it back from a copy, or delete reconstructions/ and make it anew with: reconstruct"
            .formatted(how),
        thrown);
  }

  private static String firstLine(Throwable thrown) {
    return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
  }
}
