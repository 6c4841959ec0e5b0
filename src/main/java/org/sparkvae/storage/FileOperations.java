package org.sparkvae.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.commons.io.function.IOConsumer;
import org.apache.commons.io.function.IORunnable;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/**
 * Atomic writes, deletions and other operations on any Hadoop file system. Content is written to a
 * temporary name and then renamed. A directory is renamed to a temporary name and then deleted.
 *
 * <p>On a local disk the operations use {@code java.nio}, because Hadoop's operations are not
 * atomic there or hide the cause of a failure. An {@link ObjectStore} cannot rename.
 */
record FileOperations(FileContext files, Optional<ObjectStore> objectStore) {
  private static final String TEMPORARY_PREFIX = "_writing-";

  /**
   * The number of the target's characters in a temporary name. File systems allow names of 255
   * bytes, and a character can have four.
   */
  private static final int TARGET_CHARACTERS = 50;

  static FileOperations of(FileContext files, Path directory, Configuration configuration) {
    return new FileOperations(
        files,
        ObjectStore.contains(directory)
            ? Optional.of(
                IoErrors.translate(
                    directory, () -> ObjectStore.of(files, directory, configuration)))
            : Optional.empty());
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

  /**
   * Creates a file unless it exists. If several processes try at the same time, only one succeeds.
   */
  boolean createFile(Path path, byte[] content) throws IOException {
    if (objectStore.isPresent()) {
      return objectStore.get().uploads().putIfAbsent(path, content);
    }
    createDirectories(path.getParent());
    OutputStream created;
    try {
      created = createNew(path);
    } catch (FileAlreadyExistsException e) {
      // Another process can have deleted the file since, so its existence is not checked.
      return false;
    } catch (IOException e) {
      if (files.util().exists(path)) {
        return false;
      }
      throw e;
    }
    try (OutputStream stream = created) {
      stream.write(content);
    } catch (IOException e) {
      deleteQuietly(path);
      throw e;
    }
    return true;
  }

  private OutputStream createNew(Path path) throws IOException {
    Optional<java.nio.file.Path> local = local(path);
    if (local.isEmpty()) {
      return files.create(path, EnumSet.of(CreateFlag.CREATE));
    }
    // On a local disk Hadoop checks and creates in two steps, so two processes could succeed.
    return Files.newOutputStream(local.get(), StandardOpenOption.CREATE_NEW);
  }

  /** Overwrites a file in place. On most file systems, this can leave an incomplete file. */
  void overwrite(Path path, byte[] content) throws IOException {
    if (objectStore.isPresent()) {
      objectStore.get().uploads().put(path, content);
      return;
    }
    try (OutputStream stream =
        files.create(path, EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE))) {
      stream.write(content);
    }
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

  /** Returns a unique temporary name in the same directory as the target. */
  static String temporaryName(String target) {
    return TEMPORARY_PREFIX
        + StringUtils.truncate(target, TARGET_CHARACTERS)
        + "-"
        + UUID.randomUUID();
  }

  private static Path temporaryPath(Path target) {
    return new Path(target.getParent(), temporaryName(target.getName()));
  }

  /** Returns whether a file, or a complete directory, exists. */
  boolean exists(Path path) throws IOException {
    try {
      return !isIncomplete(files.getFileStatus(path));
    } catch (FileNotFoundException missing) {
      return false;
    }
  }

  /** Writes a file and replaces an existing one. */
  void writeFile(Path target, IOConsumer<OutputStream> content) {
    if (objectStore.isPresent()) {
      translate(target, () -> objectStore.get().write(target, content));
      return;
    }
    write(
        target,
        temporary -> {
          try (OutputStream stream =
              files.create(temporary, EnumSet.of(CreateFlag.CREATE), CreateOpts.createParent())) {
            content.accept(stream);
          }
        });
  }

  /** Writes a directory and its files, and replaces an existing directory. */
  void writeDirectory(Path target, IOConsumer<Path> writer) {
    if (objectStore.isPresent()) {
      translate(target, () -> objectStore.get().writeDirectory(target, writer));
      return;
    }
    write(
        target,
        temporary -> {
          files.mkdir(temporary, null, true);
          writer.accept(temporary);
          // A rename replaces a directory only if it is empty.
          if (files.util().exists(target)) {
            deleteDirectory(target);
          }
        });
  }

  private static void translate(Path path, IORunnable operation) {
    IoErrors.translate(
        path,
        () -> {
          operation.run();
          return null;
        });
  }

  /**
   * Writes to a temporary path and renames it to the target. If writing fails, the temporary path
   * is deleted and the target stays unchanged.
   */
  private void write(Path target, IOConsumer<Path> writer) {
    Path temporary = temporaryPath(target);
    boolean complete = false;
    try {
      IoErrors.translate(
          target,
          () -> {
            writer.accept(temporary);
            rename(temporary, target);
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
    if (objectStore.isPresent()) {
      translate(path, () -> objectStore.get().deleteDirectory(path));
      return;
    }
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

  /** Returns the files and complete directories in a directory; empty if it does not exist. */
  List<FileStatus> list(Path directory) throws IOException {
    List<FileStatus> existing = new ArrayList<>();
    for (FileStatus status : listAll(directory)) {
      if (!isIncomplete(status)) {
        existing.add(status);
      }
    }
    return existing;
  }

  private FileStatus[] listAll(Path directory) throws IOException {
    return files.util().exists(directory) ? files.util().listStatus(directory) : new FileStatus[0];
  }

  private boolean isIncomplete(FileStatus status) throws IOException {
    return objectStore.isPresent() && objectStore.get().isIncomplete(status);
  }

  /** Deletes the temporary files in a directory that interrupted writes and deletions left. */
  void deleteTemporaryFiles(Path directory, Predicate<FileStatus> filter) {
    IoErrors.translate(
        directory,
        () -> {
          for (FileStatus status : listAll(directory)) {
            boolean isLeftover =
                status.getPath().getName().startsWith(TEMPORARY_PREFIX) || isIncomplete(status);
            if (isLeftover && filter.test(status)) {
              files.delete(status.getPath(), true);
            }
          }
          return null;
        });
  }

  /** Deletes a directory if it is empty, and ignores errors. */
  void deleteIfEmpty(Path path) {
    try {
      if ("file".equals(path.toUri().getScheme())) {
        // Hadoop would list the directory and then delete whatever it contains.
        Files.delete(java.nio.file.Path.of(path.toUri()));
      } else if (files.util().exists(path) && !files.listStatus(path).hasNext()) {
        files.delete(path, false);
      }
    } catch (IOException | RuntimeException | FSError ignored) {
      // Another process can have used or deleted the directory meanwhile.
    }
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
