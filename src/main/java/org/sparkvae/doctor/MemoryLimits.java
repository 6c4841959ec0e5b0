package org.sparkvae.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.bytedeco.javacpp.Pointer;

/**
 * The memory that a process may use and the memory that is available, in bytes.
 *
 * @param heap the JVM's maximum heap size
 * @param nativeLimit JavaCPP's {@code maxbytes}, the limit of native arrays; 0 if unlimited
 * @param processLimit JavaCPP's {@code maxphysicalbytes}, the size of the process above which
 *     native allocations fail; 0 if unlimited
 * @param available the machine's memory, or the container's limit
 * @param isContainer whether {@code available} is the limit of a container, which kills a process
 *     that exceeds it
 */
record MemoryLimits(
    long heap, long nativeLimit, long processLimit, long available, boolean isContainer)
    implements Serializable {
  private static final long MIN_BYTES = 2_000_000_000;

  /**
   * Returns the limits of this executor.
   *
   * @param configuration Spark's configuration, from which YARN and Kubernetes derive the size of
   *     an executor's container
   */
  static MemoryLimits ofExecutor(SparkConf configuration) {
    MemoryLimits limits = ofThisProcess();
    String master = configuration.get("spark.master", "");
    if (!master.equals("yarn") && !master.startsWith("k8s:")) {
      return limits;
    }
    long heap = configuration.getSizeAsBytes("spark.executor.memory", "1g");
    double factor = configuration.getDouble("spark.executor.memoryOverheadFactor", 0.1);
    long overhead =
        configuration.contains("spark.executor.memoryOverhead")
            ? configuration.getSizeAsMb("spark.executor.memoryOverhead") << 20
            : Math.max(384L << 20, (long) (heap * factor));
    return new MemoryLimits(
        limits.heap,
        limits.nativeLimit,
        limits.processLimit,
        Math.min(limits.available, heap + overhead),
        true);
  }

  static MemoryLimits ofThisProcess() {
    // Inside a container, the JVM reports the container's limit.
    long available =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    return new MemoryLimits(
        Runtime.getRuntime().maxMemory(),
        Pointer.maxBytes(),
        Pointer.maxPhysicalBytes(),
        available,
        available < machineMemory());
  }

  private static long machineMemory() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"), StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("MemTotal:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0L);
    } catch (IOException notLinux) {
      return 0;
    }
  }

  static Finding check(String process, MemoryLimits memory) {
    Check check = new Check(process, "memory");
    String result =
        "heap %s, native arrays %s, %s %s"
            .formatted(
                formatBytes(memory.heap),
                memory.nativeLimit == 0 ? "unlimited" : "up to " + formatBytes(memory.nativeLimit),
                memory.isContainer ? "container" : "machine",
                formatBytes(memory.available));
    if (Math.min(memory.allowed(), memory.available) < MIN_BYTES) {
      return check.wrongSetting(
          result + "; at least 2 GB is required",
          "Increase the heap (JAVA_OPTS=-Xmx2g; on a cluster spark.driver.memory and"
              + " spark.executor.memory). Use a machine with 4 GB or more, because native arrays may"
              + " need as much as the heap.");
    }
    return memory.allowed() > memory.tolerated()
        ? check.warning(
            result + "; heap and native arrays may exceed the available memory",
            "Lower -Xmx or set -Dorg.bytedeco.javacpp.maxbytes. In a container, raise its limit or"
                + " spark.executor.memoryOverhead.")
        : check.ok(result);
  }

  /** Returns the size that heap and native arrays may grow to. */
  private long allowed() {
    long total = nativeLimit == 0 ? Long.MAX_VALUE : heap + nativeLimit;
    return processLimit == 0 ? total : Math.max(heap, Math.min(total, processLimit));
  }

  /**
   * Returns the size that {@link #allowed} may have. A machine's limit is an eighth above the
   * memory that the system reports, because firmware and graphics reserve part of its nominal size.
   */
  private long tolerated() {
    return isContainer ? available : available + available / 8;
  }

  static String formatBytes(long bytes) {
    return bytes < 1L << 30
        ? (bytes >> 20) + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
