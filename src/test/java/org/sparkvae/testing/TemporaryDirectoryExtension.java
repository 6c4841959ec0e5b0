package org.sparkvae.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.Extension;

/**
 * Creates the directory of temporary files before the first test. Each JVM that runs unit tests has
 * its own, so that a test can find out what it leaves there.
 */
public final class TemporaryDirectoryExtension implements Extension {
  /** Creates the directory if it does not exist. */
  public TemporaryDirectoryExtension() throws IOException {
    create();
  }

  /** Returns the directory of temporary files and creates it if it does not exist. */
  public static Path create() throws IOException {
    return Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir")));
  }
}
