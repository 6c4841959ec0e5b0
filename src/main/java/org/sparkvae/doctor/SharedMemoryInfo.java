package org.sparkvae.doctor;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The shared memory directory, in which Aeron keeps its buffers.
 *
 * @param usableBytes the free space in bytes; negative if the directory does not exist
 */
record SharedMemoryInfo(boolean isWritable, long usableBytes) implements Serializable {
  private static final Path DIRECTORY = Path.of("/dev/shm");
  private static final String FIX =
      "Provide at least 256 MiB: mount -o remount,size=1g /dev/shm, docker run --shm-size=1g, or in"
          + " Kubernetes an emptyDir with medium Memory.";

  static SharedMemoryInfo ofThisProcess() {
    try {
      return new SharedMemoryInfo(
          Files.isWritable(DIRECTORY), Files.getFileStore(DIRECTORY).getUsableSpace());
    } catch (IOException missing) {
      return new SharedMemoryInfo(false, -1);
    }
  }

  static Finding check(String process, SharedMemoryInfo memory) {
    Check check = new Check(process, "/dev/shm");
    if (memory.usableBytes < 0) {
      return check.warning(
          "does not exist; Aeron keeps its buffers in the temporary directory", FIX);
    }
    String result = MemoryLimits.formatBytes(memory.usableBytes) + " free";
    if (!memory.isWritable) {
      return check.wrongSetting(
          "not writable", "Make it writable for the job's user with chmod 1777 /dev/shm.");
    }
    if (memory.usableBytes < 64L << 20) {
      return check.wrongSetting(result + "; Aeron needs 64 MiB to start", FIX);
    }
    return memory.usableBytes < 256L << 20
        ? check.warning(result + "; Aeron needs 256 MiB for several peers", FIX)
        : check.ok(result);
  }
}
