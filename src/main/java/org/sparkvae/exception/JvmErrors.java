package org.sparkvae.exception;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Detection of errors of the JVM that a rerun with the same settings would repeat: too little
 * memory, too few threads, or a native library that cannot be loaded.
 */
public final class JvmErrors {
  private static final Pattern THREADS = Pattern.compile("unable to create (new )?native thread");

  /** Java's, JavaCPP's and C++'s errors, and the exit code of an executor after such an error. */
  private static final Pattern MEMORY =
      Pattern.compile(
          "java\\.lang\\.OutOfMemoryError|std::bad_alloc|(exit status:?|exit(ed with)? code:?) 52\\b",
          Pattern.CASE_INSENSITIVE);

  /** The error of the first attempt to load a library, and that of later attempts. */
  private static final Pattern LIBRARY =
      Pattern.compile(
          "UnsatisfiedLinkError|Could not initialize class org\\.(xerial\\.snappy|bytedeco|nd4j|sparkvae\\.model\\.cpu\\.OneDnn)\\b");

  private JvmErrors() {}

  /**
   * Returns an exception that says what to change, if such an error caused the given exception. If
   * there are several, the innermost one counts.
   */
  public static Optional<ConfigurationException> find(Throwable thrown) {
    Optional<ConfigurationException> found = Optional.empty();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String text = cause.toString();
      if (isDescribedBy(text)) {
        String problem =
            LIBRARY.matcher(text).find() ? "a native library cannot be loaded" : "out of memory";
        String message = "%s (%s)".formatted(problem, ErrorText.firstLine(text));
        found = Optional.of(exception(message, text, thrown));
      }
    }
    return found;
  }

  /**
   * Returns an exception that says what to change, if a text of Spark describes such an error.
   *
   * @param error the text
   * @param message what failed and where
   */
  public static Optional<ConfigurationException> find(String error, String message) {
    return isDescribedBy(error) ? Optional.of(exception(message, error, null)) : Optional.empty();
  }

  private static boolean isDescribedBy(String error) {
    return MEMORY.matcher(error).find()
        || THREADS.matcher(error).find()
        || LIBRARY.matcher(error).find();
  }

  private static ConfigurationException exception(String message, String error, Throwable cause) {
    return new ConfigurationException("%s. %s".formatted(message, advice(error)), cause);
  }

  private static String advice(String error) {
    if (THREADS.matcher(error).find()) {
      return "Raise the limit of threads (ulimit -u; in a container --pids-limit).";
    }
    if (LIBRARY.matcher(error).find()) {
      return "Run submit/sparkvae doctor with the same options to see what to change.";
    }
    return "Use a new run with a smaller --batch-size, or more memory: --conf spark.driver.memory=8g, on a cluster also spark.executor.memory.";
  }
}
