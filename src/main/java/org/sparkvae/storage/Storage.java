package org.sparkvae.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.local.RawLocalFs;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;

/**
 * A directory on a Hadoop file system. Names are relative to it. Every method throws {@link
 * TransientException} naming the file when the file system fails.
 */
public final class Storage {
  private static final int LARGEST_BYTES = 256 << 20;
  private static final int LARGEST_TEXT = 16 << 20;

  private final FileContext files;
  private final LocalFiles disk;
  private final AtomicWriter aside;
  private final Path root;

  private Storage(FileContext files, Path root) {
    this.files = files;
    this.disk = new LocalFiles(files);
    this.aside = new AtomicWriter(files, disk);
    this.root = root;
  }

  /** Something that writes, and may fail to. */
  @FunctionalInterface
  public interface Writing<T> {
    void to(T target) throws IOException;
  }

  /** Something that reads, and may fail to. */
  @FunctionalInterface
  public interface Reading<T> {
    T from(InputStream source) throws IOException;
  }

  /**
   * Opens a directory, which need not exist yet.
   *
   * @throws ConfigurationException if the name is malformed or its file system unknown
   */
  public static Storage at(String directory, Configuration configuration) {
    try {
      return open(directory, configuration);
    } catch (TransientException e) {
      throw e;
    } catch (RuntimeException e) {
      // Hadoop's word for a malformed path, or for a file system whose classes are not here.
      throw new ConfigurationException(
          "'%s' cannot be used as a directory: %s"
              .formatted(directory, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  private static Storage open(String directory, Configuration configuration) {
    return IoErrors.to(
        new Path(directory),
        () -> {
          Configuration own = new Configuration(configuration);
          // Without this every file on a local disk gets a hidden checksum file beside it.
          own.set("fs.AbstractFileSystem.file.impl", RawLocalFs.class.getName());
          Path path = new Path(directory);
          URI scheme = path.toUri().getScheme() == null ? null : path.toUri();
          FileContext files =
              scheme == null
                  ? FileContext.getFileContext(own)
                  : FileContext.getFileContext(scheme, own);
          return new Storage(files, files.makeQualified(path));
        });
  }

  /** A directory inside this one. */
  public Storage in(String name) {
    return new Storage(files, new Path(root, name));
  }

  /** The full path of a file or directory inside this one, as Spark takes it. */
  public String path(String name) {
    return new Path(root, name).toString();
  }

  @Override
  public String toString() {
    return root.toString();
  }

  public boolean has(String name) {
    Path path = new Path(root, name);
    return IoErrors.to(path, () -> files.util().exists(path));
  }

  /** Names of the files and directories here that are not hidden; none if this does not exist. */
  public List<String> names() {
    return names(each -> true);
  }

  /**
   * Names of the directories among them. HDFS, asked for something inside a file, calls it
   * forbidden rather than absent.
   */
  public List<String> directories() {
    return names(FileStatus::isDirectory);
  }

  private List<String> names(Predicate<FileStatus> wanted) {
    return IoErrors.to(
        root,
        () -> {
          List<String> names = new ArrayList<>();
          if (files.util().exists(root)) {
            for (RemoteIterator<FileStatus> each = files.listStatus(root); each.hasNext(); ) {
              FileStatus status = each.next();
              String name = status.getPath().getName();
              if (!name.startsWith("_") && !name.startsWith(".") && wanted.test(status)) {
                names.add(name);
              }
            }
          }
          names.sort(null);
          return names;
        });
  }

  /** Whether a name is a symbolic link, which only local disks have here. */
  public boolean isLink(String name) {
    return LocalFiles.local(new Path(root, name)).filter(Files::isSymbolicLink).isPresent();
  }

  public <T> T read(String name, Reading<T> reading) {
    Path path = new Path(root, name);
    return IoErrors.to(
        path,
        () -> {
          try (InputStream source = files.open(path)) {
            return reading.from(source);
          }
        });
  }

  /**
   * Reads a whole file into memory.
   *
   * @throws InputDataException if it is larger than any that this program writes
   */
  public byte[] readBytes(String name) {
    return readBytes(name, LARGEST_BYTES);
  }

  /** Reads a text; likewise. */
  public String readText(String name) {
    return new String(readBytes(name, LARGEST_TEXT), StandardCharsets.UTF_8);
  }

  private byte[] readBytes(String name, int most) {
    byte[] bytes = read(name, source -> source.readNBytes(most + 1));
    if (bytes.length > most) {
      throw new InputDataException(
          "%s is larger than %d MiB and no file of this program's; put it back from a copy or delete it"
              .formatted(path(name), most >> 20));
    }
    return bytes;
  }

  /** Writes a file, replacing one that was there at the very end. */
  public void write(String name, Writing<OutputStream> writing) {
    Path target = new Path(root, name);
    aside.publish(
        target,
        part -> {
          try (OutputStream stream =
              files.create(part, EnumSet.of(CreateFlag.CREATE), CreateOpts.createParent())) {
            writing.to(stream);
          }
        });
  }

  public void writeText(String name, String text) {
    write(name, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Makes a file unless there is one of that name. Of all that try at once, on whatever machine,
   * one succeeds. Unlike {@link #write} it leaves a file half-written where it is killed.
   *
   * @return whether this call made it
   */
  public boolean create(String name, String text) {
    Path path = new Path(root, name);
    return IoErrors.to(
        path,
        () -> {
          disk.makeDirectory(path.getParent());
          OutputStream opened;
          try {
            opened = disk.openNew(path);
          } catch (FileAlreadyExistsException e) {
            // It may be gone again by now.
            return false;
          } catch (IOException e) {
            if (files.util().exists(path)) {
              return false;
            }
            throw e;
          }
          try (OutputStream stream = opened) {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
          } catch (IOException e) {
            aside.deleteQuietly(path);
            throw e;
          }
          return true;
        });
  }

  /**
   * Writes a file in place, in a directory that is there. Unlike {@link #write} it can leave the
   * file half-written, but there is no moment without a file of that name.
   */
  public void overwrite(String name, String text) {
    Path path = new Path(root, name);
    IoErrors.to(
        path,
        () -> {
          try (OutputStream stream =
              files.create(path, EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE))) {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
          }
          return null;
        });
  }

  /**
   * Adds to the end of a file. Unlike {@link #write} it can be cut short, and it stays the same
   * file for those that follow it, where the file system has local disks' way of appending.
   */
  public void append(String name, String text) {
    Path path = new Path(root, name);
    Optional<java.nio.file.Path> local = LocalFiles.local(path);
    if (local.isEmpty()) {
      writeText(name, readText(name) + text);
    } else {
      IoErrors.to(path, () -> Files.writeString(local.get(), text, StandardOpenOption.APPEND));
    }
  }

  /** Writes a directory, replacing one that was there at the very end. */
  public void writeDirectory(String name, Writing<Storage> writing) {
    Path target = new Path(root, name);
    aside.publish(
        target,
        part -> {
          files.mkdir(part, null, true);
          writing.to(new Storage(files, part));
          // Rename replaces only an empty directory.
          if (files.util().exists(target)) {
            deleteDirectory(name);
          }
        });
  }

  /** When a file was last written, in milliseconds since 1970. */
  public long modified(String name) {
    Path path = new Path(root, name);
    return IoErrors.to(path, () -> files.getFileStatus(path).getModificationTime());
  }

  public void delete(String name) {
    Path path = new Path(root, name);
    IoErrors.to(
        path,
        () -> {
          try {
            return files.delete(path, true);
          } catch (FileNotFoundException alreadyGone) {
            return false;
          }
        });
  }

  /** Deletes a directory, which at no moment is half there. */
  public void deleteDirectory(String name) {
    aside.deleteDirectory(new Path(root, name));
  }

  /** This directory on a local disk, if it is on one. */
  Optional<java.nio.file.Path> local() {
    return LocalFiles.local(root);
  }

  /** Removes what a killed process left half-written here, where no other can be writing. */
  public void clearLeftovers() {
    aside.clear(root, each -> true);
  }

  /** Removes what a killed process left half-written here, if it has lain so long. */
  public void clearLeftovers(Duration age) {
    long before = System.currentTimeMillis() - age.toMillis();
    aside.clear(root, each -> each.getModificationTime() < before);
  }
}
