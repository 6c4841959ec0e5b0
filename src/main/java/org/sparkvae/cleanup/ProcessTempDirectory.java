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
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for all temporary files of this process, which goes with it. Of a process that was
 * killed the next one finds the folder, and clears it and Aeron's buffers.
 *
 * <p>A process lives as long as the file {@code lock} in its folder is locked: the kernel lets go
 * of that however the process ends, whereas a number may be another process's by now, or one in
 * another container. Folders of other users and, in a directory that machines share, of other hosts
 * are let be.
 */
public final class ProcessTempDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessTempDirectory.class);
  private static final String TEMPORARY = "java.io.tmpdir";
  private static final String LOCK = "lock";

  /** Lower than that of Spark, which clears its own. */
  private static final int LAST = 1;

  /** By then a folder has its name and its lock. */
  private static final Duration MAKING = Duration.ofMinutes(1);

  private static ProcessTempDirectory own;

  private final Path path;
  private final FileChannel lock;

  private ProcessTempDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the folder below the temporary directory and has all temporary files be made in it from
   * now on; has to come before the first. Where that cannot be, they stay where they were.
   */
  public static synchronized void enter() {
    if (own != null) {
      return;
    }
    try {
      own = makeIn(Path.of(System.getProperty(TEMPORARY)));
      System.setProperty(TEMPORARY, own.path.toString());
      ShutdownHookManager.get().addShutdownHook(own::leave, LAST);
      own.clearDeadOnesBeside();
    } catch (IOException | RuntimeException e) {
      // No job has to fail for it.
      LOG.warn("temporary files may be left behind", e);
    }
  }

  /** Makes one, which has its name only once it is locked. */
  static ProcessTempDirectory makeIn(Path parent) throws IOException {
    // Files.createTempDirectory would keep the temporary directory in mind as it is now.
    String name =
        "spark-vae-process-%d-%s@%s"
            .formatted(ProcessHandle.current().pid(), UUID.randomUUID(), host());
    Path unlocked = parent.resolve("." + name);
    Files.createDirectory(
        unlocked,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      FileChannel channel =
          FileChannel.open(
              unlocked.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      channel.lock();
      Path path = parent.resolve(name);
      Files.move(unlocked, path);
      return new ProcessTempDirectory(path, channel);
    } catch (IOException | RuntimeException e) {
      FileUtils.deleteQuietly(unlocked.toFile());
      throw e;
    }
  }

  /** Deletes the folders of dead processes of this user and host, and what else they left. */
  void clearDeadOnesBeside() throws IOException {
    Pattern name = name();
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(
            path.getParent(), each -> name.matcher(each.getFileName().toString()).matches())) {
      for (Path folder : folders) {
        if (!folder.equals(path)) {
          clearIfDead(folder);
        }
      }
    }
  }

  private void clearIfDead(Path folder) {
    try {
      if (isOfSameUser(folder) && !isBeingMade(folder)) {
        clearIfUnlocked(folder);
      }
    } catch (IOException | RuntimeException e) {
      // Another process may be clearing it as well.
      LOG.info("{} could not be cleared: {}", folder, e.toString());
    }
  }

  private boolean isOfSameUser(Path folder) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(path));
  }

  private static boolean isBeingMade(Path folder) throws IOException {
    return folder.getFileName().toString().startsWith(".")
        && Files.getLastModifiedTime(folder).toInstant().isAfter(Instant.now().minus(MAKING));
  }

  private static void clearIfUnlocked(Path folder) throws IOException {
    if (!Files.exists(folder.resolve(LOCK))) {
      // Empty if its process was killed while making it, or another while clearing it. A living
      // process's is not, whoever has deleted its lock.
      Files.delete(folder);
      return;
    }
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        buffers(folder).clearOfDead();
        delete(folder);
        LOG.info("cleared {}, whose process is dead", folder);
      }
    }
  }

  /** The lock last, so that what is left of it by one who is killed is not taken for alive. */
  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, each -> !each.endsWith(LOCK))) {
      for (Path each : files) {
        FileUtils.forceDelete(each.toFile());
      }
    }
    Files.deleteIfExists(folder.resolve(LOCK));
    Files.delete(folder);
  }

  private static AeronBuffers buffers(Path folder) throws IOException {
    Matcher name = name().matcher(folder.getFileName().toString());
    name.matches();
    return new AeronBuffers(
        Files.getOwner(folder),
        Long.parseLong(name.group(1)),
        Files.getLastModifiedTime(folder.resolve(LOCK)).toInstant());
  }

  /** At this process's end. */
  void leave() {
    try {
      buffers(path).clearOwn();
      delete(path);
      lock.close();
    } catch (IOException | RuntimeException e) {
      LOG.info("{} is left to the next process: {}", path, e.toString());
    }
  }

  /** Of those of this host, before they have their name too; the process's number is the group. */
  private static Pattern name() {
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
