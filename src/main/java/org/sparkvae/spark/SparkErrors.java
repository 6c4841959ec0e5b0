package org.sparkvae.spark;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkException;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.exception.TransientException;

/**
 * Tells what failed outside the program from what is the program's own fault, where Spark reports
 * it.
 */
public final class SparkErrors {
  /** A task's own exception comes as text, from another machine. */
  private static final Pattern OUTSIDE =
      Pattern.compile(
          "ExecutorLostFailure|FetchFailed|Can't establish connection|Can't proceed with handshake|requires more slots|IOException|FileNotFoundException|No space left"
              + "|SparkContext was shut down|SparkContext has been shutdown|Master removed"
              + "|All masters are unresponsive|heartbeat");

  private SparkErrors() {}

  /**
   * What to throw in place of something that a Spark action threw: an {@link TransientException} if
   * an executor, the network or a file system failed, a {@link ConfigurationException} if there is
   * no such master, an {@link InputDataException} if a Parquet file is damaged, else the exception
   * itself, unchecked. Running a program's own fault again would not help.
   */
  public static RuntimeException explained(Exception thrown) {
    if (thrown instanceof SparkVaeException known) {
      return known;
    }
    // Spark's own words around it would pass for a fault of the file system.
    Optional<InputDataException> damaged = ParquetErrors.in(thrown);
    if (damaged.isPresent()) {
      return damaged.get();
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkVaeException failure) {
        return failure;
      }
      if (String.valueOf(cause.getMessage()).startsWith("Could not parse Master URL")) {
        return new ConfigurationException(
            "--master: %s; Spark knows local[N], spark://HOST:PORT, yarn and k8s://URL"
                .formatted(firstLine(cause)),
            thrown);
      }
      if (isSparks(cause) && isOutside(String.valueOf(cause.getMessage()))) {
        return new TransientException(
            "Spark gave up: %s%s; run the same command again to go on from the last checkpoint"
                .formatted(rootOf(cause), firstLine(cause)),
            thrown);
      }
    }
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(firstLine(thrown), thrown);
  }

  /** Spark's first line has a stage and a task in it, but seldom what was wrong. */
  private static String rootOf(Throwable thrown) {
    Throwable root = ExceptionUtils.getRootCause(thrown);
    return root == thrown || root.getMessage() == null ? "" : firstLine(root) + ": ";
  }

  private static String firstLine(Throwable thrown) {
    return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
  }

  /** Whether a message speaks of something outside the program. */
  public static boolean isOutside(String message) {
    return OUTSIDE.matcher(message).find();
  }

  private static boolean isSparks(Throwable thrown) {
    return thrown instanceof SparkException || thrown.getClass().getName().startsWith("org.apache");
  }
}
