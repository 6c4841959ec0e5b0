package org.sparkvae.doctor;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where Aeron keeps its buffers.
 *
 * @param usableBytes room that is left; negative if there is no such directory
 */
record SharedMemoryInfo(boolean isWritable, long usableBytes) implements Serializable {
  private static final Path DIRECTORY = Path.of("/dev/shm");
  private static final String CHECK = "/dev/shm";
  private static final String CURE =
      "give it 256 MiB or more: mount -o remount,size=1g /dev/shm, or docker run --shm-size=1g, or"
          + " an emptyDir of medium Memory in Kubernetes";

  static SharedMemoryInfo ofThisProcess() {
    try {
      return new SharedMemoryInfo(
          Files.isWritable(DIRECTORY), Files.getFileStore(DIRECTORY).getUsableSpace());
    } catch (IOException notThere) {
      return new SharedMemoryInfo(false, -1);
    }
  }

  static Finding check(String where, SharedMemoryInfo memory) {
    if (memory.usableBytes < 0) {
      return Finding.warning(
          where, CHECK, "is not there; Aeron's buffers go to the temporary directory", CURE);
    }
    String what = MemoryLimits.gibibytes(memory.usableBytes) + " free";
    if (!memory.isWritable) {
      return Finding.wrongSetting(
          where,
          CHECK,
          "cannot be written to",
          "let the job's user write to it: chmod 1777 /dev/shm");
    }
    if (memory.usableBytes < 64L << 20) {
      return Finding.wrongSetting(where, CHECK, what + "; Aeron needs 64 MiB to start", CURE);
    }
    return memory.usableBytes < 256L << 20
        ? Finding.warning(where, CHECK, what + "; too little for Aeron with several peers", CURE)
        : Finding.ok(where, CHECK, what);
  }
}
