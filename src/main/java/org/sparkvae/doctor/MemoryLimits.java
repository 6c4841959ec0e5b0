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
 * What a process may take, and what there is. All in bytes.
 *
 * @param heap the JVM's maximum
 * @param nativeLimit JavaCPP's {@code maxbytes}; 0 is no limit
 * @param processLimit JavaCPP's {@code maxphysicalbytes}, above which it allocates no more; 0 is no
 *     limit
 * @param available the machine's memory, or the container's limit
 * @param isContainer whether {@code available} is a limit that a process is killed for passing
 */
record MemoryLimits(
    long heap, long nativeLimit, long processLimit, long available, boolean isContainer)
    implements Serializable {
  private static final String CHECK = "memory";
  private static final long LEAST = 2_000_000_000;

  /**
   * Finds out.
   *
   * @param configuration Spark's, by which YARN and Kubernetes limit an executor
   */
  static MemoryLimits ofExecutor(SparkConf configuration) {
    MemoryLimits own = ofThisProcess();
    String master = configuration.get("spark.master", "");
    if (!master.equals("yarn") && !master.startsWith("k8s:")) {
      return own;
    }
    long heap = configuration.getSizeAsBytes("spark.executor.memory", "1g");
    double factor = configuration.getDouble("spark.executor.memoryOverheadFactor", 0.1);
    long overhead =
        configuration.contains("spark.executor.memoryOverhead")
            ? configuration.getSizeAsMb("spark.executor.memoryOverhead") << 20
            : Math.max(384L << 20, (long) (heap * factor));
    return new MemoryLimits(
        own.heap,
        own.nativeLimit,
        own.processLimit,
        Math.min(own.available, heap + overhead),
        true);
  }

  static MemoryLimits ofThisProcess() {
    // Within a container this is its limit.
    long available =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    return new MemoryLimits(
        Runtime.getRuntime().maxMemory(),
        Pointer.maxBytes(),
        Pointer.maxPhysicalBytes(),
        available,
        available < machine());
  }

  private static long machine() {
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

  static Finding check(String where, MemoryLimits memory) {
    String what =
        "heap %s, native arrays %s, %s %s"
            .formatted(
                gibibytes(memory.heap),
                memory.nativeLimit == 0
                    ? "without limit"
                    : "up to " + gibibytes(memory.nativeLimit),
                memory.isContainer ? "container" : "machine",
                gibibytes(memory.available));
    if (Math.min(memory.allowed(), memory.available) < LEAST) {
      return Finding.wrongSetting(
          where,
          CHECK,
          what + "; 2 GB is the least",
          "give a bigger heap (JAVA_OPTS=-Xmx2g; on a cluster spark.driver.memory and"
              + " spark.executor.memory), as native arrays may take as much again, on a machine"
              + " that has both");
    }
    return memory.allowed() > memory.bearable()
        ? Finding.warning(
            where,
            CHECK,
            what + "; together more than there is",
            "lower -Xmx or set -Dorg.bytedeco.javacpp.maxbytes; in a container raise its limit or"
                + " spark.executor.memoryOverhead")
        : Finding.ok(where, CHECK, what);
  }

  private long allowed() {
    long both = nativeLimit == 0 ? Long.MAX_VALUE : heap + nativeLimit;
    return processLimit == 0 ? both : Math.max(heap, Math.min(both, processLimit));
  }

  /** Firmware and graphics keep back a part of the memory that a machine is sold with. */
  private long bearable() {
    return isContainer ? available : available + available / 8;
  }

  static String gibibytes(long bytes) {
    return bytes < 1L << 30
        ? (bytes >> 20) + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
