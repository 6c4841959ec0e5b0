package org.sparkvae.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.function.IOSupplier;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.exception.TransientException;

/** Translates file system errors to an exception that names the file. */
final class IoErrors {
  private static final int MAX_NAME_BYTES = 255;

  /** The messages of Linux and HDFS about a name or a path that is too long. */
  private static final Pattern TOO_LONG =
      Pattern.compile("File name too long|maximum path (component name|length)");

  /** The errors of S3A for which a retry would be useless. */
  private static final Pattern WRONG_S3_SETTING =
      Pattern.compile(
          "NoSuchBucket|InvalidAccessKeyId|SignatureDoesNotMatch|No AWS Credentials|Status Code: 40[13]\\b");

  private static final Pattern S3_ANSWER =
      Pattern.compile(
          "Exception: ([^:]*) \\(Service: [^;]*; Status Code: (\\d+); Error Code: ([^;]*);");

  private IoErrors() {}

  /**
   * Runs an operation and returns its result.
   *
   * @throws ConfigurationException if a name is too long for the file system, or if S3 rejects the
   *     bucket or the credentials
   * @throws TransientException if the file system fails for another reason
   */
  static <T> T translate(Path path, IOSupplier<T> operation) {
    try {
      return operation.get();
    } catch (IOException e) {
      throw failure(path, e.getMessage(), e);
    } catch (FSError e) {
      // Hadoop wraps errors of a local disk in this unchecked error.
      throw failure(path, e.getCause().getMessage(), e);
    }
  }

  /** Hadoop does not always report the reason, but no common file system allows longer names. */
  private static boolean isTooLong(Path path, String reason) {
    return TOO_LONG.matcher(reason).find()
        || Stream.of(path.toUri().getPath().split(Path.SEPARATOR))
            .anyMatch(name -> name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES);
  }

  /** Returns the answer of S3 without the class names and request IDs of its SDK. */
  private static String shorten(String reason) {
    Matcher answer = S3_ANSWER.matcher(reason);
    return answer.find()
        ? "S3 answered %s (%s): %s".formatted(answer.group(2), answer.group(3), answer.group(1))
        : reason;
  }

  private static SparkVaeException failure(Path path, String message, Throwable cause) {
    String reason = ObjectStore.contains(path) ? shorten(String.valueOf(message)) : message;
    if (isTooLong(path, String.valueOf(reason))) {
      return new ConfigurationException(
          "%s: the name is too long for the file system. Use a shorter directory name or --run-id."
              .formatted(path),
          cause);
    }
    if (ObjectStore.contains(path) && WRONG_S3_SETTING.matcher(String.valueOf(message)).find()) {
      return new ConfigurationException(
          "%s: %s. Check the bucket's name, the endpoint (spark.hadoop.fs.s3a.endpoint) and the credentials."
              .formatted(path, ErrorText.firstLine(reason)),
          cause);
    }
    return new TransientException(
        "%s: %s. Check the file system, its free space and its permissions. Rerun the same command to resume."
            .formatted(path, reason),
        cause);
  }
}
