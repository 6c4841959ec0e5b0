package org.sparkvae.cleanup;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.apache.commons.io.FileUtils;

/**
 * The directories, in {@code /dev/shm} where there is one, in which Aeron keeps its buffers for one
 * process. Their names are chosen by Aeron; whose they are says its file {@code cnc.dat} in each.
 */
final class AeronBuffers {
  /** Aeron's driver gives a sign of life every second. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  /** Longer than that, and enough for Deeplearning4j to shut Aeron down. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path base;
  private final UserPrincipal user;
  private final long pid;
  private final Instant since;
  private final Duration patience;

  /**
   * Those of a process.
   *
   * @param user who runs it
   * @param since when it was there already; what was made before is another's of the same number
   */
  AeronBuffers(UserPrincipal user, long pid, Instant since) {
    this(Path.of(CommonContext.AERON_DIR_PROP_DEFAULT), user, pid, since, PATIENCE);
  }

  /** With names that begin as {@code base}'s. */
  AeronBuffers(Path base, UserPrincipal user, long pid, Instant since, Duration patience) {
    this.base = base;
    this.user = user;
    this.pid = pid;
    this.since = since;
    this.patience = patience;
  }

  /**
   * Deletes those of a process that is dead, which waits until all are silent. One that gives signs
   * of life all the same is a third process's, of the same number.
   */
  void clearOfDead() throws IOException {
    for (Path directory : directories()) {
      for (long waited = 0; isActive(directory) && waited < patience.toMillis(); waited += 100) {
        pause();
      }
      if (!isActive(directory)) {
        delete(directory);
      }
    }
  }

  /** Deletes what Deeplearning4j has not, at this process's end; waits for it to do so. */
  void clearOwn() throws IOException {
    for (long waited = 0; !directories().isEmpty() && waited < patience.toMillis(); waited += 100) {
      pause();
    }
    directories().forEach(AeronBuffers::delete);
  }

  private List<Path> directories() throws IOException {
    List<Path> found = new ArrayList<>();
    String prefix = base.getFileName() + "-";
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(
            base.getParent(), each -> each.getFileName().toString().startsWith(prefix))) {
      for (Path each : all) {
        if (isOfProcess(each)) {
          found.add(each);
        }
      }
    }
    return found;
  }

  private boolean isOfProcess(Path directory) {
    try {
      if (!Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(user)) {
        return false;
      }
      MappedByteBuffer file =
          new CommonContext()
              .aeronDirectoryName(directory.toString())
              .concludeAeronDirectory()
              .mapExistingCncFile(null);
      if (file == null) {
        return false;
      }
      try {
        DirectBuffer facts = CncFileDescriptor.createMetaDataBuffer(file);
        return facts.getInt(CncFileDescriptor.cncVersionOffset(0)) == CncFileDescriptor.CNC_VERSION
            && CncFileDescriptor.pid(facts) == pid
            && CncFileDescriptor.startTimestampMs(facts) >= since.toEpochMilli();
      } finally {
        BufferUtil.free(file);
      }
    } catch (IOException | RuntimeException goneOrNoneOfAerons) {
      return false;
    }
  }

  private static boolean isActive(Path directory) {
    return CommonContext.isDriverActive(directory.toFile(), SILENCE.toMillis(), line -> {});
  }

  private static void delete(Path directory) {
    // Aeron's own way of deleting follows symbolic links.
    FileUtils.deleteQuietly(directory.toFile());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
