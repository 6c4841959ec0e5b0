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
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.InputDataException;

/**
 * Detection of damaged Parquet files from exceptions. Damage has many symptoms, and all of them
 * arise in Parquet's readers.
 */
public final class ParquetErrors {
  private static final Pattern READER_CLASS =
      Pattern.compile(
          "org\\.apache\\.(parquet\\..*(Reader|MetadataConverter).*"
              + "|spark\\.sql\\.execution\\.datasources\\.parquet\\.(Vectorized|Parquet.*Reader).*)");

  /** A Parquet file's URI, in two groups: the table, and the file below it. */
  private static final Pattern FILE =
      Pattern.compile("(\\w+:/\\S*?)(/split=\\w+/[^/\\s]+\\.parquet)");

  private ParquetErrors() {}

  /**
   * Returns an exception that describes the damage, or empty if the cause is not a damaged file.
   */
  static Optional<InputDataException> findDamage(Throwable thrown) {
    List<Throwable> chain = ExceptionUtils.getThrowableList(thrown);
    // If memory runs out or a server does not answer, the file can still be intact.
    if (chain.stream().anyMatch(ParquetErrors::isUnrelated)) {
      return Optional.empty();
    }
    return chain.stream()
        .filter(ParquetErrors::isDamage)
        .findFirst()
        .map(cause -> damaged(thrown, ErrorText.firstLine(cause)));
  }

  private static boolean isUnrelated(Throwable cause) {
    return cause instanceof VirtualMachineError
        || (cause instanceof IOException failure && !isAboutContent(failure));
  }

  /** Returns whether an IOException is about a file's content and not about the file system. */
  private static boolean isAboutContent(IOException cause) {
    return cause instanceof ChecksumException
        || cause instanceof EOFException
        || String.valueOf(cause.getMessage()).startsWith("can not read class")
        // Spark and Thrift wrap other exceptions in an IOException.
        || cause.getCause() != null;
  }

  private static boolean isDamage(Throwable cause) {
    if (cause instanceof ChecksumException) {
      return true;
    }
    return (cause instanceof RuntimeException || cause instanceof IOException)
        && Arrays.stream(cause.getStackTrace())
            .anyMatch(frame -> READER_CLASS.matcher(frame.getClassName()).matches());
  }

  /**
   * Translates an exception from reading a file.
   *
   * @return an exception that describes the damage, if the file is damaged
   * @throws IOException the given exception, if the file system failed
   */
  public static InputDataException translate(Exception thrown) throws IOException {
    Optional<InputDataException> damage = findDamage(thrown);
    if (damage.isPresent()) {
      return damage.get();
    }
    if (thrown instanceof IOException failure) {
      throw failure;
    }
    throw (RuntimeException) thrown;
  }

  /** Returns the exception for a file that lacks a column that it was written with. */
  public static InputDataException missingColumn(String column, String file) {
    return damaged(new IllegalArgumentException(file), "column '%s' is missing".formatted(column));
  }

  private static InputDataException damaged(Throwable thrown, String reason) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Matcher file = FILE.matcher(String.valueOf(cause.getMessage()));
      if (file.find()) {
        return new InputDataException(
            "%s is damaged in %s (%s). Restore it from a copy, or delete it and recreate it with the command '%s'."
                .formatted(
                    file.group(1),
                    file.group(2).substring(1),
                    reason,
                    file.group(1).contains("/_data/") ? "data" : "reconstruct"),
            thrown);
      }
    }
    return new InputDataException(
        "a Parquet file of the run is damaged (%s). Restore it from a copy, or delete reconstructions/ and recreate it with the command 'reconstruct'."
            .formatted(reason),
        thrown);
  }
}
