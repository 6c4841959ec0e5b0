package org.sparkvae.storage;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.JvmErrors;
import org.sparkvae.exception.SparkVaeException;

/** Access to Hadoop's file systems, with errors that name the directory. */
final class FileContexts {
  private FileContexts() {}

  /**
   * Returns the file system of a directory.
   *
   * @throws ConfigurationException if the path is malformed or its file system unknown
   */
  static FileContext of(String directory, Supplier<Configuration> configuration) {
    if (directory.codePoints().anyMatch(Character::isISOControl)) {
      // Files with one path per line, such as the list of links to a run, cannot contain it.
      throw new ConfigurationException(
          "'%s' contains a line break or another control character. Choose another directory."
              .formatted(directory));
    }
    try {
      return open(new Path(directory), configuration.get());
    } catch (SparkVaeException e) {
      throw e;
    } catch (RuntimeException e) {
      JvmErrors.find(e)
          .ifPresent(
              jvmError -> {
                throw jvmError;
              });
      // Hadoop throws one if the path is malformed or the file system's classes are missing.
      throw new ConfigurationException(
          "'%s' is not a usable directory: %s. Choose another directory."
              .formatted(directory, ErrorText.firstLine(reason(e))),
          e);
    }
  }

  /** Returns the exception of a file system's constructor, which Hadoop calls by reflection. */
  private static Throwable reason(RuntimeException thrown) {
    return thrown.getCause() instanceof InvocationTargetException call ? call.getCause() : thrown;
  }

  private static FileContext open(Path path, Configuration configuration) {
    return IoErrors.translate(
        path,
        () -> {
          Configuration withLocalDisk = new Configuration(configuration);
          withLocalDisk.set("fs.AbstractFileSystem.file.impl", LocalDisk.class.getName());
          if (withLocalDisk.getClassByNameOrNull(LocalDisk.class.getName()) == null) {
            withLocalDisk.setClassLoader(LocalDisk.class.getClassLoader());
          }
          URI uri =
              path.toUri().getScheme() == null
                  ? FileSystem.getDefaultUri(withLocalDisk)
                  : path.toUri();
          ConfiguredFileSystem.register(uri.getScheme(), withLocalDisk);
          return open(uri, withLocalDisk);
        });
  }

  private static FileContext open(URI uri, Configuration configuration) throws IOException {
    try {
      return FileContext.getFileContext(uri, configuration);
    } catch (UnsupportedFileSystemException e) {
      throw new ConfigurationException(
          "%s: no file system is configured for '%s:' (%s). Choose another directory, or add the file system's jar and settings (--conf spark.hadoop.fs.%s.impl=CLASS)."
              .formatted(uri, uri.getScheme(), ErrorText.firstLine(e), uri.getScheme()),
          e);
    }
  }
}
