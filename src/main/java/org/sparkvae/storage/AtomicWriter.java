package org.sparkvae.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.commons.io.function.IOConsumer;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Atomic writes and deletions. Content is written to a temporary name and then renamed. A directory
 * is renamed to a temporary name and then deleted.
 */
final class AtomicWriter {
  private static final String TEMPORARY_PREFIX = "_writing-";

  private final FileContext files;
  private final FileOperations operations;

  AtomicWriter(FileContext files, FileOperations operations) {
    this.files = files;
    this.operations = operations;
  }

  /** Returns a unique temporary name in the same directory as the target. */
  static String temporaryName(String target) {
    return TEMPORARY_PREFIX + target + "-" + UUID.randomUUID();
  }

  private static Path temporaryPath(Path target) {
    return new Path(target.getParent(), temporaryName(target.getName()));
  }

  /**
   * Writes to a temporary path and renames it to the target. If writing fails, the temporary path
   * is deleted and the target stays unchanged.
   */
  void write(Path target, IOConsumer<Path> writer) {
    Path temporary = temporaryPath(target);
    boolean complete = false;
    try {
      IoErrors.translate(
          target,
          () -> {
            writer.accept(temporary);
            operations.rename(temporary, target);
            return null;
          });
      complete = true;
    } finally {
      if (!complete) {
        deleteQuietly(temporary);
      }
    }
  }

  /** Deletes a directory if it exists. A reader finds it complete or not at all. */
  void deleteDirectory(Path path) {
    IoErrors.translate(
        path,
        () -> {
          Path temporary = temporaryPath(path);
          try {
            files.rename(path, temporary);
          } catch (FileNotFoundException alreadyDeleted) {
            return false;
          }
          return files.delete(temporary, true);
        });
  }

  /** Deletes the temporary files in a directory that interrupted writes and deletions left. */
  void deleteTemporaryFiles(Path directory, Predicate<FileStatus> filter) {
    IoErrors.translate(
        directory,
        () -> {
          if (files.util().exists(directory)) {
            for (FileStatus status : files.util().listStatus(directory)) {
              if (status.getPath().getName().startsWith(TEMPORARY_PREFIX) && filter.test(status)) {
                files.delete(status.getPath(), true);
              }
            }
          }
          return null;
        });
  }

  /** Deletes a file or directory and ignores errors. */
  void deleteQuietly(Path path) {
    try {
      files.delete(path, true);
    } catch (IOException | RuntimeException | FSError ignored) {
      // The first failure is the one to report. The next run deletes leftover temporary files.
    }
  }
}
