package org.sparkvae.cleanup;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.apache.commons.io.FileUtils;

/**
 * The directories with Aeron's buffers for one process. They are in {@code /dev/shm} if it exists.
 * Aeron chooses their names. The file {@code cnc.dat} in each directory contains the process ID.
 *
 * @param prefix the path that all buffer directories begin with
 * @param user the owner of the process
 * @param processStart the earliest creation time of the buffers; older ones belong to an earlier
 *     process with the same ID
 * @param timeout the time that Aeron gets to shut down
 */
record AeronBuffers(
    Path prefix, UserPrincipal user, long pid, Instant processStart, Duration timeout) {
  /** The age at which a heartbeat counts as stale. Aeron's driver writes one every second. */
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(3);

  /** The time that Deeplearning4j gets to shut Aeron down, longer than the heartbeat timeout. */
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);

  AeronBuffers(UserPrincipal user, long pid, Instant processStart) {
    this(Path.of(CommonContext.AERON_DIR_PROP_DEFAULT), user, pid, processStart, SHUTDOWN_TIMEOUT);
  }

  /**
   * Deletes the buffers of a dead process after their heartbeats have become stale. If a heartbeat
   * continues, the buffers belong to another process with the same ID and are kept.
   */
  void deleteOfDeadProcess() throws IOException {
    for (Path directory : directories()) {
      for (long waited = 0; isActive(directory) && waited < timeout.toMillis(); waited += 100) {
        pause();
      }
      if (!isActive(directory)) {
        delete(directory);
      }
    }
  }

  /** Deletes this process's buffers if Deeplearning4j does not do so within the timeout. */
  void deleteOwn() throws IOException {
    for (long waited = 0; !directories().isEmpty() && waited < timeout.toMillis(); waited += 100) {
      pause();
    }
    directories().forEach(AeronBuffers::delete);
  }

  private List<Path> directories() throws IOException {
    String namePrefix = prefix.getFileName() + "-";
    try (Stream<Path> files = Files.list(prefix.getParent())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(namePrefix))
          .filter(this::belongsToProcess)
          .toList();
    }
  }

  private boolean belongsToProcess(Path directory) {
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
        DirectBuffer metadata = CncFileDescriptor.createMetaDataBuffer(file);
        return metadata.getInt(CncFileDescriptor.cncVersionOffset(0))
                == CncFileDescriptor.CNC_VERSION
            && CncFileDescriptor.pid(metadata) == pid
            && CncFileDescriptor.startTimestampMs(metadata) >= processStart.toEpochMilli();
      } finally {
        BufferUtil.free(file);
      }
    } catch (IOException | RuntimeException deletedOrNotAnAeronDirectory) {
      return false;
    }
  }

  private static boolean isActive(Path directory) {
    return CommonContext.isDriverActive(
        directory.toFile(), HEARTBEAT_TIMEOUT.toMillis(), line -> {});
  }

  private static void delete(Path directory) {
    // Aeron's own deletion follows symbolic links.
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
