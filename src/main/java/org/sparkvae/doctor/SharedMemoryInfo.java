package org.sparkvae.doctor;

import static org.sparkvae.spark.ExecutorGroup.DRIVER;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The shared memory directory, in which Aeron keeps its buffers.
 *
 * @param usableBytes the free space in bytes; negative if the directory does not exist
 * @param termBytes the length of a term, of which a buffer has three
 * @param isSparse whether a buffer takes no memory before it is used
 */
record SharedMemoryInfo(boolean isWritable, long usableBytes, long termBytes, boolean isSparse)
    implements Serializable {
  private static final Path DIRECTORY = Path.of("/dev/shm");

  /**
   * The length that Deeplearning4j sets if the property {@code aeron.term.buffer.length} is not.
   */
  private static final long DEFAULT_TERM_BYTES = 32L << 20;

  /** The size of a process's files other than buffers. */
  private static final long FIXED_BYTES = 9L << 20;

  static SharedMemoryInfo ofThisProcess() {
    long termBytes = Long.getLong("aeron.term.buffer.length", DEFAULT_TERM_BYTES);
    boolean isSparse = Boolean.getBoolean("aeron.term.buffer.sparse.file");
    try {
      return new SharedMemoryInfo(
          Files.isWritable(DIRECTORY),
          Files.getFileStore(DIRECTORY).getUsableSpace(),
          termBytes,
          isSparse);
    } catch (IOException missing) {
      return new SharedMemoryInfo(false, -1, termBytes, isSparse);
    }
  }

  /**
   * Checks the driver and all executors. Processes with the same address share the directory.
   *
   * @param processes the processes by name, including the driver
   */
  static List<Finding> checkAll(Map<String, ProcessInfo> processes) {
    int executors = processes.size() - 1;
    Map<String, Long> neededByHost =
        processes.entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    SharedMemoryInfo::host,
                    Collectors.summingLong(
                        process ->
                            process
                                .getValue()
                                .sharedMemory()
                                .needed(process.getKey(), executors))));
    return processes.entrySet().stream()
        .map(
            process ->
                check(
                    process.getKey(),
                    process.getValue().sharedMemory(),
                    neededByHost.get(host(process))))
        .toList();
  }

  /** Returns what identifies a process's host: its address, or the process if it has none. */
  private static String host(Map.Entry<String, ProcessInfo> process) {
    NetworkInfo network = process.getValue().network();
    return network.hasAddress() ? network.address() : process.getKey();
  }

  /**
   * Checks the directory of one process.
   *
   * @param needed the size of the buffers of all processes that share the directory
   */
  static Finding check(String process, SharedMemoryInfo memory, long needed) {
    Check check = new Check(process, "/dev/shm");
    String fix =
        "Provide at least %s: mount -o remount,size=1g /dev/shm, docker run --shm-size=1g (Docker's default is 64 MB), or in Kubernetes an emptyDir with medium Memory."
            .formatted(MemoryLimits.formatBytes(needed));
    if (memory.usableBytes < 0) {
      return check.warning(
          "does not exist; Aeron keeps its buffers in the temporary directory", fix);
    }
    if (!memory.isWritable) {
      return check.wrongSetting(
          "not writable", "Make it writable for the job's user with chmod 1777 /dev/shm.");
    }
    String result =
        "%s free; Aeron needs %s"
            .formatted(
                MemoryLimits.formatBytes(memory.usableBytes), MemoryLimits.formatBytes(needed));
    return memory.usableBytes < needed ? check.wrongSetting(result, fix) : check.ok(result);
  }

  /**
   * Returns the size of a process's buffers. The driver exchanges messages with each executor, and
   * an executor only with the driver. Each such connection uses two buffers. A process also has
   * unused buffers for every other process and for itself, and an empty buffer to copy.
   *
   * @param executors the number of executors of the job, 0 in local mode
   */
  long needed(String process, int executors) {
    int connections = process.equals(DRIVER) ? executors : Math.min(1, executors);
    int buffers = isSparse ? 2 * connections : 2 * (executors + 1) + 1;
    return buffers * 3L * termBytes + FIXED_BYTES;
  }
}
