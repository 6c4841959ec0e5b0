package org.sparkvae.mnist;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.function.Uncheck;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.storage.Storage;

/**
 * A folder with the four IDX files of a data set on one of Hadoop's file systems. Its files are
 * copied to the temporary directory of this process.
 */
public final class HadoopFolder {
  private HadoopFolder() {}

  /** Returns whether a folder is named by a URI, such as {@code hdfs://HOST/PATH}. */
  public static boolean isUri(String folder) {
    return folder.matches("[a-zA-Z][a-zA-Z0-9+.-]+:/.*");
  }

  /**
   * Reads the four files completely.
   *
   * @throws InputDataException for the first error found
   * @throws ConfigurationException if the file system is unknown
   * @throws TransientException if the file system fails
   */
  public static IdxSet verify(String uri) {
    Storage folder = Storage.at(uri);
    if (!folder.exists()) {
      throw new InputDataException(
          "--data: %s does not exist. Choose a folder with the four IDX files of a data set."
              .formatted(uri));
    }
    Path copy = Uncheck.get(() -> Files.createTempDirectory("idx-"));
    folder.list().stream()
        .filter(name -> name.matches(".*[-.]idx[13]-ubyte(\\.gz)?"))
        .forEach(name -> folder.read(name, source -> Files.copy(source, copy.resolve(name))));
    try {
      return new IdxFolder(copy).verify();
    } catch (InputDataException e) {
      throw new InputDataException(e.getMessage().replace(copy.toString(), uri), e);
    }
  }
}
