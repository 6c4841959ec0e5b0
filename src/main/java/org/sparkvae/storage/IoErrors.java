package org.sparkvae.storage;

import java.io.IOException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.sparkvae.exception.TransientException;

/** What a file system will not do, as an {@link TransientException} that names the file. */
final class IoErrors {
  private IoErrors() {}

  /** Something done with a file, which may fail. */
  @FunctionalInterface
  interface Attempt<T> {
    T make() throws IOException;
  }

  static <T> T to(Path path, Attempt<T> attempt) {
    try {
      return attempt.make();
    } catch (IOException e) {
      throw failure(path, e.getMessage(), e);
    } catch (FSError e) {
      // Hadoop's word for whatever a local disk will not do.
      throw failure(path, e.getCause().getMessage(), e);
    }
  }

  private static TransientException failure(Path path, String reason, Throwable cause) {
    return new TransientException(
        "%s: %s; check the file system, its room and its permissions, then run the same command again"
            .formatted(path, reason),
        cause);
  }
}
