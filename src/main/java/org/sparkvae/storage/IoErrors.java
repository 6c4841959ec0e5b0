package org.sparkvae.storage;

import java.io.IOException;
import org.apache.commons.io.function.IOSupplier;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.sparkvae.exception.TransientException;

/** Translates file system errors to a {@link TransientException} that names the file. */
final class IoErrors {
  private IoErrors() {}

  /**
   * Runs an operation and returns its result.
   *
   * @throws TransientException if the file system fails
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

  private static TransientException failure(Path path, String reason, Throwable cause) {
    return new TransientException(
        "%s: %s. Check the file system, its free space and its permissions. Rerun the same command to resume."
            .formatted(path, reason),
        cause);
  }
}
