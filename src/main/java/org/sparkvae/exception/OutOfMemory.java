package org.sparkvae.exception;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Detection of errors about too little memory or too few threads. A rerun with the same settings
 * would fail again.
 */
public final class OutOfMemory {
  private static final Pattern THREADS = Pattern.compile("unable to create (new )?native thread");

  /** Java's, JavaCPP's and C++'s errors, and the exit code of an executor after such an error. */
  private static final Pattern MEMORY =
      Pattern.compile(
          "java\\.lang\\.OutOfMemoryError|std::bad_alloc|(exit status:?|exit(ed with)? code:?) 52\\b",
          Pattern.CASE_INSENSITIVE);

  private OutOfMemory() {}

  /** Returns an exception that says what to change, if a lack of memory caused the given one. */
  public static Optional<ConfigurationException> find(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String text = cause.toString();
      if (isDescribedBy(text)) {
        return Optional.of(
            exception("out of memory (%s)".formatted(ErrorText.firstLine(text)), text, thrown));
      }
    }
    return Optional.empty();
  }

  /**
   * Returns an exception that says what to change, if a text of Spark describes a lack of memory.
   *
   * @param error the text
   * @param message what failed and where
   */
  public static Optional<ConfigurationException> find(String error, String message) {
    return isDescribedBy(error) ? Optional.of(exception(message, error, null)) : Optional.empty();
  }

  private static boolean isDescribedBy(String error) {
    return MEMORY.matcher(error).find() || THREADS.matcher(error).find();
  }

  private static ConfigurationException exception(String message, String error, Throwable cause) {
    return new ConfigurationException(
        "%s. %s"
            .formatted(
                message,
                THREADS.matcher(error).find()
                    ? "Raise the limit of threads (ulimit -u; in a container --pids-limit)."
                    : "Use a smaller --batch-size, or more memory: --conf spark.driver.memory=8g, on a cluster also spark.executor.memory."),
        cause);
  }
}
