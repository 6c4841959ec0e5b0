package org.sparkvae.storage;

import java.io.FileNotFoundException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.commons.io.function.IOConsumer;
import org.apache.commons.io.function.IOFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;

/**
 * A directory on a Hadoop file system. Names are relative to it. If the file system fails, every
 * method throws a {@link TransientException} that names the file.
 */
public final class Storage {
  private static final int MAX_BYTES = 256 << 20;
  private static final int MAX_TEXT_BYTES = 16 << 20;

  private final FileContext files;
  private final FileOperations operations;
  private final Path root;

  private Storage(FileOperations operations, Path root) {
    this.files = operations.files();
    this.operations = operations;
    this.root = root;
  }

  /**
   * Opens a directory with the Hadoop settings of this process. It does not have to exist.
   *
   * @throws ConfigurationException if the path is malformed or its file system unknown
   */
  public static Storage at(String directory) {
    return open(directory, HadoopSettings::shared);
  }

  /**
   * Opens a directory. It does not have to exist.
   *
   * @throws ConfigurationException if the path is malformed or its file system unknown
   */
  public static Storage at(String directory, Configuration configuration) {
    return open(directory, () -> configuration);
  }

  private static Storage open(String directory, Supplier<Configuration> configuration) {
    FileContext files = FileContexts.of(directory, configuration);
    Path root = files.makeQualified(new Path(directory));
    return new Storage(FileOperations.of(files, root, configuration.get()), root);
  }

  /** Returns a directory in this one. */
  public Storage child(String name) {
    return new Storage(operations, new Path(root, name));
  }

  /** Returns the full path of a file or directory in this one, in the form that Spark accepts. */
  public String path(String name) {
    return new Path(root, name).toString();
  }

  @Override
  public String toString() {
    return root.toString();
  }

  /** Returns whether a file or directory exists. On S3, a directory must also be complete. */
  public boolean exists(String name) {
    Path path = new Path(root, name);
    return IoErrors.translate(path, () -> operations.exists(path));
  }

  /**
   * Returns the sorted names of all files and directories whose name does not begin with {@code _}
   * or {@code .}. The list is empty if this directory does not exist.
   */
  public List<String> list() {
    return list(status -> true);
  }

  /**
   * Returns the names of {@link #list()} that are directories. Use it before looking for children.
   * On HDFS, looking for a child of a file fails with an access error.
   */
  public List<String> listDirectories() {
    return list(FileStatus::isDirectory);
  }

  private List<String> list(Predicate<FileStatus> filter) {
    return IoErrors.translate(root, () -> operations.list(root)).stream()
        .filter(filter)
        .map(status -> status.getPath().getName())
        .filter(name -> !name.startsWith("_") && !name.startsWith("."))
        .sorted()
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** Returns whether a name is a symbolic link on a local disk. */
  public boolean isSymbolicLink(String name) {
    return FileOperations.local(new Path(root, name)).filter(Files::isSymbolicLink).isPresent();
  }

  /** Reads a file through a stream that is closed afterwards. */
  public <T> T read(String name, IOFunction<InputStream, T> reader) {
    Path path = new Path(root, name);
    return IoErrors.translate(
        path,
        () -> {
          try (InputStream source = files.open(path)) {
            return reader.apply(source);
          }
        });
  }

  /**
   * Reads a whole file into memory.
   *
   * @throws InputDataException if the file is larger than 256 MiB
   */
  public byte[] readBytes(String name) {
    return readBytes(name, MAX_BYTES);
  }

  /**
   * Reads a whole UTF-8 file into memory.
   *
   * @throws InputDataException if the file is larger than 16 MiB
   */
  public String readText(String name) {
    return new String(readBytes(name, MAX_TEXT_BYTES), StandardCharsets.UTF_8);
  }

  private byte[] readBytes(String name, int limit) {
    byte[] bytes = read(name, source -> source.readNBytes(limit + 1));
    if (bytes.length > limit) {
      throw new InputDataException(
          "%s: is larger than %d MiB, so spark-vae did not write it. Restore the file from a copy, or delete it."
              .formatted(path(name), limit >> 20));
    }
    return bytes;
  }

  /** Writes a file atomically and replaces an existing one. Creates missing parent directories. */
  public void write(String name, IOConsumer<OutputStream> content) {
    Path target = new Path(root, name);
    operations.writeFile(target, content);
  }

  /** Writes a UTF-8 file atomically and replaces an existing one. */
  public void writeText(String name, String text) {
    write(name, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Creates a file unless it exists. If several processes on any hosts try at the same time, only
   * one succeeds. Unlike {@link #write}, a process that is killed can leave an incomplete file.
   *
   * @return whether this call created the file
   */
  public boolean createIfAbsent(String name, String text) {
    Path path = new Path(root, name);
    return IoErrors.translate(
        path, () -> operations.createFile(path, text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Overwrites a file in place. Its directory must exist. Unlike {@link #write}, this can leave an
   * incomplete file, but a file with this name exists at every moment.
   */
  public void overwrite(String name, String text) {
    Path path = new Path(root, name);
    IoErrors.translate(
        path,
        () -> {
          operations.overwrite(path, text.getBytes(StandardCharsets.UTF_8));
          return null;
        });
  }

  /**
   * Appends to a file. On a local disk the file keeps its inode, so that {@code tail -f} follows
   * it, and an interrupted call can leave part of the text. On other file systems the file is
   * replaced atomically.
   */
  public void append(String name, String text) {
    Path path = new Path(root, name);
    Optional<java.nio.file.Path> local = FileOperations.local(path);
    if (local.isEmpty()) {
      writeText(name, readText(name) + text);
    } else {
      IoErrors.translate(
          path, () -> Files.writeString(local.get(), text, StandardOpenOption.APPEND));
    }
  }

  /**
   * Writes a directory and its files atomically and replaces an existing directory. On S3, the
   * existing directory is deleted first.
   */
  public void writeDirectory(String name, IOConsumer<Storage> content) {
    Path target = new Path(root, name);
    operations.writeDirectory(
        target, directory -> content.accept(new Storage(operations, directory)));
  }

  /**
   * Writes a directory on S3 unless it exists. Several processes may write it at the same time if
   * all write the same files.
   *
   * @return whether this directory is on S3; otherwise, nothing is done
   */
  public boolean writeSharedDirectoryOnS3(String name, IOConsumer<Storage> content) {
    Optional<ObjectStore> objectStore = operations.objectStore();
    if (objectStore.isPresent() && !exists(name)) {
      Path target = new Path(root, name);
      IoErrors.translate(
          target,
          () -> {
            objectStore
                .get()
                .writeSharedDirectory(
                    target, directory -> content.accept(new Storage(operations, directory)));
            return null;
          });
    }
    return objectStore.isPresent();
  }

  /** Returns a file's modification time in milliseconds since 1970. */
  public long lastModifiedMillis(String name) {
    Path path = new Path(root, name);
    return IoErrors.translate(path, () -> files.getFileStatus(path).getModificationTime());
  }

  /** Deletes a file or directory if it exists. */
  public void delete(String name) {
    Path path = new Path(root, name);
    IoErrors.translate(
        path,
        () -> {
          try {
            return files.delete(path, true);
          } catch (FileNotFoundException alreadyDeleted) {
            return false;
          }
        });
  }

  /** Returns whether this directory exists. */
  public boolean exists() {
    return IoErrors.translate(root, () -> files.util().exists(root));
  }

  /** Deletes this directory if it is empty. Errors are ignored. */
  public void deleteIfEmpty() {
    operations.deleteIfEmpty(root);
  }

  /** Deletes a directory if it exists. A reader finds it complete or not at all. */
  public void deleteDirectory(String name) {
    operations.deleteDirectory(new Path(root, name));
  }

  /** Returns this directory as a local path, or empty if it is on another file system. */
  Optional<java.nio.file.Path> local() {
    return FileOperations.local(root);
  }

  /**
   * Deletes leftover temporary files of killed processes. The caller makes sure that no other
   * process writes to this directory.
   */
  public void deleteTemporaryFiles() {
    operations.deleteTemporaryFiles(root, status -> true);
  }

  /** Deletes leftover temporary files that are older than an age. */
  public void deleteTemporaryFiles(Duration minimumAge) {
    long cutoff = System.currentTimeMillis() - minimumAge.toMillis();
    operations.deleteTemporaryFiles(root, status -> status.getModificationTime() < cutoff);
  }
}
