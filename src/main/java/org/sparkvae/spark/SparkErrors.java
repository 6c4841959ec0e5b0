package org.sparkvae.spark;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.lang3.RegExUtils;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkException;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.JvmErrors;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.exception.TransientException;

/**
 * Translation of Spark's exceptions. It separates temporary failures of the environment from errors
 * of this program.
 */
public final class SparkErrors {
  /** Spark reports the exception of a remote task as text only. */
  private static final Pattern EXTERNAL =
      Pattern.compile(
          "ExecutorLostFailure|FetchFailed|TaskResultLost|Can't establish connection|Can't proceed with handshake|requires more slots|IOException|FileNotFoundException|No space left"
              + "|SparkContext was shut down|SparkContext has been shutdown|Master removed"
              + "|All masters are unresponsive|heartbeat");

  private static final Pattern OWN_EXCEPTION = Pattern.compile("^org\\.sparkvae\\.\\S+: ");

  private SparkErrors() {}

  /**
   * Translates an exception that a Spark action threw.
   *
   * @return a {@link TransientException} if an executor, the network or a file system failed, a
   *     {@link ConfigurationException} if the master URL is invalid or memory ran out, or an {@link
   *     InputDataException} if a Parquet file is damaged; otherwise the exception itself, made
   *     unchecked, since a retry would not help
   */
  public static RuntimeException translate(Exception thrown) {
    if (thrown instanceof SparkVaeException known) {
      return known;
    }
    // Check for damage first, because Spark's message about it looks like a file system failure.
    Optional<InputDataException> damage = ParquetErrors.findDamage(thrown);
    if (damage.isPresent()) {
      return damage.get();
    }
    Optional<ConfigurationException> jvmError = JvmErrors.find(thrown);
    if (jvmError.isPresent()) {
      return jvmError.get();
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkVaeException known) {
        return known;
      }
      if (String.valueOf(cause.getMessage()).startsWith("Could not parse Master URL")) {
        return new ConfigurationException(
            "--master: %s. Use local[N], spark://HOST:PORT, yarn or k8s://URL."
                .formatted(ErrorText.firstLine(cause)),
            thrown);
      }
      if (isFromSpark(cause) && isExternal(String.valueOf(cause.getMessage()))) {
        return new TransientException(
            "Spark failed (%s%s). Rerun the same command to resume from the last checkpoint."
                .formatted(rootCausePrefix(cause), ErrorText.firstLine(cause)),
            thrown);
      }
    }
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(ErrorText.firstLine(thrown), thrown);
  }

  /** Returns the root cause's message, because Spark's first line only names stage and task. */
  private static String rootCausePrefix(Throwable thrown) {
    Throwable root = ExceptionUtils.getRootCause(thrown);
    return root == thrown || root.getMessage() == null ? "" : ErrorText.firstLine(root) + ": ";
  }

  /**
   * Returns the exception for a failure in another process, of which only the text is known.
   *
   * @param error the text
   * @param failed what failed and where
   */
  public static RuntimeException ofText(String error, String failed) {
    String message = "%s (%s)".formatted(failed, summary(error));
    if (error.contains(DivergenceException.class.getName())) {
      return new DivergenceException("%s. %s".formatted(message, DivergenceException.ADVICE));
    }
    if (error.contains(InputDataException.class.getName())) {
      return new InputDataException(message + ". Check the data.");
    }
    if (error.contains(ConfigurationException.class.getName())) {
      return new ConfigurationException(message);
    }
    Optional<ConfigurationException> jvmError = JvmErrors.find(error, message);
    if (jvmError.isPresent()) {
      return jvmError.get();
    }
    return error.contains(TransientException.class.getName()) || isExternal(error)
        ? new TransientException(
            message + ". Rerun the same command to resume from the last checkpoint.")
        : new IllegalStateException(message + ". Report this with the log.");
  }

  /** Returns the first line without its final period and without the name of our exception. */
  private static String summary(String error) {
    String line = RegExUtils.removeFirst(ErrorText.firstLine(error), OWN_EXCEPTION);
    return StringUtils.removeEnd(line, ".");
  }

  /** Returns whether a message describes a failure outside this program. */
  private static boolean isExternal(String message) {
    return EXTERNAL.matcher(message).find();
  }

  private static boolean isFromSpark(Throwable thrown) {
    return thrown instanceof SparkException || thrown.getClass().getName().startsWith("org.apache");
  }
}
