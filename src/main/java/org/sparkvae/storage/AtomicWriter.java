package org.sparkvae.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Writes beside a name, and deletes there, so that nothing of that name is ever half there. */
final class AtomicWriter {
  private static final String PREFIX = "_writing-";

  private final FileContext files;
  private final LocalFiles disk;

  AtomicWriter(FileContext files, LocalFiles disk) {
    this.files = files;
    this.disk = disk;
  }

  /** A name for what is still being written, or deleted, that nobody else has. */
  static String name(String target) {
    return PREFIX + target + "-" + UUID.randomUUID();
  }

  private static Path of(Path target) {
    return new Path(target.getParent(), name(target.getName()));
  }

  /** Has something written aside, and renames it in the end; where that fails nothing is left. */
  void publish(Path target, Storage.Writing<Path> writing) {
    Path part = of(target);
    boolean complete = false;
    try {
      IoErrors.to(
          target,
          () -> {
            writing.to(part);
            disk.rename(part, target);
            return null;
          });
      complete = true;
    } finally {
      if (!complete) {
        deleteQuietly(part);
      }
    }
  }

  void deleteDirectory(Path path) {
    IoErrors.to(
        path,
        () -> {
          Path part = of(path);
          try {
            files.rename(path, part);
          } catch (FileNotFoundException alreadyGone) {
            return false;
          }
          return files.delete(part, true);
        });
  }

  /** Removes what was left half-written or half-deleted in a directory. */
  void clear(Path directory, Predicate<FileStatus> which) {
    IoErrors.to(
        directory,
        () -> {
          if (files.util().exists(directory)) {
            for (FileStatus each : files.util().listStatus(directory)) {
              if (each.getPath().getName().startsWith(PREFIX) && which.test(each)) {
                files.delete(each.getPath(), true);
              }
            }
          }
          return null;
        });
  }

  void deleteQuietly(Path path) {
    try {
      files.delete(path, true);
    } catch (IOException | RuntimeException | FSError secondary) {
      // The failure that led here is the one to report; a leftover is cleared by the next run.
    }
  }
}
