package org.sparkvae.storage;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.commons.io.function.IOConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Atomic operations on S3, which cannot rename. A file appears whole when its upload ends.
 *
 * <p>The files of a directory are written and deleted in place. Meanwhile the directory contains a
 * marker, an empty file with a unique name. A directory with a marker counts as missing. A process
 * that was suspended and lost its lock therefore completes its own work at most: it cannot delete
 * the marker of the process that took over.
 */
record ObjectStore(FileContext files, S3Uploads uploads) {
  private static final String MARKER_PREFIX = "_incomplete-";

  /** Returns whether a path is on S3. */
  static boolean contains(Path path) {
    return "s3a".equals(path.toUri().getScheme());
  }

  static ObjectStore of(FileContext files, Path path, Configuration configuration)
      throws IOException {
    return new ObjectStore(files, S3Uploads.to(path, configuration));
  }

  /** Writes a file and replaces an existing one. If the content fails, nothing is written. */
  void write(Path target, IOConsumer<OutputStream> content) throws IOException {
    // To close Hadoop's stream after a failure would complete the file.
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.accept(bytes);
    uploads.put(target, bytes.toByteArray());
  }

  /** Writes a directory and its files in place, and replaces an existing directory. */
  void writeDirectory(Path target, IOConsumer<Path> writer) throws IOException {
    Path marker = addMarker(target);
    deleteExcept(target, marker);
    write(target, marker, writer);
    files.delete(marker, false);
  }

  /**
   * Writes a directory that several processes may write at the same time, because each writes the
   * same files.
   */
  void writeSharedDirectory(Path target, IOConsumer<Path> writer) throws IOException {
    write(target, addMarker(target), writer);
    // The files are complete, also those that another process is still writing.
    for (FileStatus child : children(target)) {
      if (isMarker(child.getPath())) {
        files.delete(child.getPath(), false);
      }
    }
  }

  private void write(Path target, Path marker, IOConsumer<Path> writer) throws IOException {
    boolean complete = false;
    try {
      writer.accept(target);
      complete = true;
    } finally {
      if (!complete) {
        deleteQuietly(target, marker);
      }
    }
  }

  private void deleteQuietly(Path target, Path marker) {
    try {
      deleteExcept(target, marker);
      files.delete(target, true);
    } catch (IOException | RuntimeException ignored) {
      // The first failure is the one to report. The marker stays, or the directory is deleted.
    }
  }

  /** Deletes a directory if it exists. */
  void deleteDirectory(Path target) throws IOException {
    if (files.util().exists(target)) {
      deleteExcept(target, addMarker(target));
      files.delete(target, true);
    }
  }

  /** Returns whether a directory is being written or deleted, or a killed process left it so. */
  boolean isIncomplete(FileStatus status) throws IOException {
    if (status.isDirectory()) {
      for (FileStatus child : children(status.getPath())) {
        if (isMarker(child.getPath())) {
          return true;
        }
      }
    }
    return false;
  }

  private Path addMarker(Path directory) throws IOException {
    Path marker = new Path(directory, MARKER_PREFIX + UUID.randomUUID());
    uploads.put(marker, new byte[0]);
    return marker;
  }

  private static boolean isMarker(Path path) {
    return path.getName().startsWith(MARKER_PREFIX);
  }

  private void deleteExcept(Path directory, Path marker) throws IOException {
    for (FileStatus child : children(directory)) {
      if (!child.getPath().equals(marker)) {
        files.delete(child.getPath(), true);
      }
    }
  }

  private FileStatus[] children(Path directory) throws IOException {
    try {
      return files.util().listStatus(directory);
    } catch (FileNotFoundException alreadyDeleted) {
      return new FileStatus[0];
    }
  }
}
