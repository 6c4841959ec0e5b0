package org.sparkvae.cleanup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory for all temporary files of this process, deleted when the process exits. If a
 * process is killed, the next one deletes the directory and the process's Aeron buffers.
 *
 * <p>A process is alive while the file {@code lock} in its directory is locked. The operating
 * system releases this lock however the process ends. A process ID would be ambiguous: it can be
 * reused, or belong to another container. Directories of other users, and of other hosts on a
 * shared file system, are left alone.
 */
public final class ProcessTempDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessTempDirectory.class);
  private static final String TMPDIR_PROPERTY = "java.io.tmpdir";
  private static final String LOCK_FILE = "lock";

  /** Below the priorities of Spark's hooks, which delete Spark's own files first. */
  private static final int SHUTDOWN_PRIORITY = 1;

  /** The time after which a directory without its final name counts as abandoned. */
  private static final Duration CREATION_TIMEOUT = Duration.ofMinutes(1);

  private static ProcessTempDirectory current;

  private final Path path;
  private final FileChannel lock;

  private ProcessTempDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Creates the directory in the system's temporary directory and makes it {@code java.io.tmpdir}.
   * It must be called before the first temporary file is created. If it fails, it logs a warning
   * and {@code java.io.tmpdir} stays unchanged.
   */
  public static synchronized void install() {
    if (current != null) {
      return;
    }
    try {
      current = createIn(Path.of(System.getProperty(TMPDIR_PROPERTY)));
      System.setProperty(TMPDIR_PROPERTY, current.path.toString());
      ShutdownHookManager.get().addShutdownHook(current::delete, SHUTDOWN_PRIORITY);
      current.deleteAbandonedSiblings();
    } catch (IOException | RuntimeException e) {
      // The job itself does not depend on it.
      LOG.warn("Temporary files may remain after the process exits.", e);
    }
  }

  /** Creates the directory under a hidden name, locks it, and renames it to its final name. */
  static ProcessTempDirectory createIn(Path parent) throws IOException {
    // Files.createTempDirectory would initialize the JDK's cached java.io.tmpdir too early.
    String name =
        "spark-vae-process-%d-%s@%s"
            .formatted(ProcessHandle.current().pid(), UUID.randomUUID(), host());
    Path hidden = parent.resolve("." + name);
    Files.createDirectory(
        hidden, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      FileChannel channel =
          FileChannel.open(
              hidden.resolve(LOCK_FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      channel.lock();
      Path path = parent.resolve(name);
      Files.move(hidden, path);
      return new ProcessTempDirectory(path, channel);
    } catch (IOException | RuntimeException e) {
      FileUtils.deleteQuietly(hidden.toFile());
      throw e;
    }
  }

  /** Deletes the directories and Aeron buffers of dead processes of this user on this host. */
  void deleteAbandonedSiblings() throws IOException {
    Pattern name = namePattern();
    try (Stream<Path> siblings = Files.list(path.getParent())) {
      siblings
          .filter(sibling -> name.matcher(sibling.getFileName().toString()).matches())
          .filter(sibling -> !sibling.equals(path))
          .forEach(this::deleteIfAbandoned);
    }
  }

  private void deleteIfAbandoned(Path directory) {
    try {
      if (hasSameOwner(directory) && !isBeingCreated(directory)) {
        deleteIfUnlocked(directory);
      }
    } catch (IOException | RuntimeException e) {
      // Another process may be deleting it as well.
      LOG.info("{}: temporary directory not deleted: {}", directory, e.toString());
    }
  }

  private boolean hasSameOwner(Path directory) throws IOException {
    return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(path));
  }

  private static boolean isBeingCreated(Path directory) throws IOException {
    return directory.getFileName().toString().startsWith(".")
        && Files.getLastModifiedTime(directory)
            .toInstant()
            .isAfter(Instant.now().minus(CREATION_TIMEOUT));
  }

  private static void deleteIfUnlocked(Path directory) throws IOException {
    if (!Files.exists(directory.resolve(LOCK_FILE))) {
      // The directory is empty if a process was killed while creating or deleting it. If only the
      // lock file of a live process is missing, the directory is not empty and this call fails.
      Files.delete(directory);
      return;
    }
    try (FileChannel channel =
            FileChannel.open(directory.resolve(LOCK_FILE), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        buffers(directory).deleteOfDeadProcess();
        delete(directory);
        LOG.info("{}: deleted the temporary directory of a dead process", directory);
      }
    }
  }

  /** Deletes a directory, its lock file last, so that an interrupted deletion can be repeated. */
  private static void delete(Path directory) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, file -> !file.endsWith(LOCK_FILE))) {
      for (Path file : files) {
        FileUtils.forceDelete(file.toFile());
      }
    }
    Files.deleteIfExists(directory.resolve(LOCK_FILE));
    Files.delete(directory);
  }

  private static AeronBuffers buffers(Path directory) throws IOException {
    Matcher name = namePattern().matcher(directory.getFileName().toString());
    name.matches();
    return new AeronBuffers(
        Files.getOwner(directory),
        Long.parseLong(name.group(1)),
        Files.getLastModifiedTime(directory.resolve(LOCK_FILE)).toInstant());
  }

  /** Deletes the directory and this process's Aeron buffers when the process exits. */
  void delete() {
    try {
      buffers(path).deleteOwn();
      delete(path);
      lock.close();
    } catch (IOException | RuntimeException e) {
      LOG.info(
          "{}: temporary directory not deleted, the next process will try again: {}",
          path,
          e.toString());
    }
  }

  /**
   * Returns the pattern of this host's directory names, hidden or final. Group 1 is the process ID.
   */
  private static Pattern namePattern() {
    return Pattern.compile("\\.?spark-vae-process-(\\d{1,10})-.*" + Pattern.quote("@" + host()));
  }

  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException notLinux) {
      return "localhost";
    }
  }
}
