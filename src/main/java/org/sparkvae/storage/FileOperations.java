package org.sparkvae.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Optional;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/**
 * File operations on any Hadoop file system. On a local disk they use {@code java.nio}, because
 * Hadoop's operations are not atomic there or hide the cause of a failure.
 */
final class FileOperations {
  private final FileContext files;

  FileOperations(FileContext files) {
    this.files = files;
  }

  /** Returns the path as a local path, or empty if it is on another file system. */
  static Optional<java.nio.file.Path> local(Path path) {
    return "file".equals(path.toUri().getScheme())
        ? Optional.of(java.nio.file.Path.of(path.toUri().getPath()))
        : Optional.empty();
  }

  /** Creates a directory and its missing parents. */
  void createDirectories(Path path) throws IOException {
    Optional<java.nio.file.Path> local = local(path);
    if (local.isPresent()) {
      // On a local disk Hadoop does not report why it failed.
      Files.createDirectories(local.get());
    } else {
      files.mkdir(path, null, true);
    }
  }

  /** Creates a file and opens it. If several processes try at the same time, only one succeeds. */
  OutputStream createNew(Path path) throws IOException {
    Optional<java.nio.file.Path> local = local(path);
    if (local.isEmpty()) {
      return files.create(path, EnumSet.of(CreateFlag.CREATE));
    }
    // On a local disk Hadoop checks and creates in two steps, so two processes could succeed.
    return Files.newOutputStream(local.get(), StandardOpenOption.CREATE_NEW);
  }

  /** Renames a file or directory atomically and replaces an existing target. */
  void rename(Path source, Path target) throws IOException {
    Optional<java.nio.file.Path> local = local(target);
    if (local.isPresent()) {
      // On a local disk Hadoop deletes the target before it renames the source.
      Files.move(
          local(source).orElseThrow(),
          local.get(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } else {
      files.rename(source, target, Rename.OVERWRITE);
    }
  }
}
