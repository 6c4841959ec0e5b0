package org.sparkvae.doctor;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The limits that the shell ({@code ulimit}) or the container sets for a process. {@link
 * Long#MAX_VALUE} means unlimited.
 *
 * @param openFiles the number of open files
 * @param threads the number of threads, of all processes of the user or of the container
 * @param fileBytes the size of a file
 * @param addressSpace the size of the virtual memory
 * @param heap the JVM's maximum heap size in bytes
 */
record ProcessLimits(long openFiles, long threads, long fileBytes, long addressSpace, long heap)
    implements Serializable {
  /** A run with two cores opens up to 283 files, of which 231 are jars. Each core adds a few. */
  static final long MIN_OPEN_FILES = 512;

  /** A run with two cores starts up to 301 threads. */
  static final long MIN_THREADS = 512;

  /** More than the largest shuffle file of a run on all of MNIST (estimate). */
  private static final long MIN_FILE_BYTES = 1L << 30;

  /** A run with two cores reserves up to 4.3 GiB of address space in addition to the heap. */
  private static final long MIN_ADDRESS_SPACE_BEYOND_HEAP = 5L << 30;

  private static final Pattern LIMIT =
      Pattern.compile("(?m)^Max (open files|processes|file size|address space) +(\\d+)");

  static ProcessLimits ofThisProcess() {
    ProcessLimits limits =
        parse(read(Path.of("/proc/self/limits")), Runtime.getRuntime().maxMemory());
    // The kernel does not apply the limit of processes to root.
    long ofUser = "root".equals(System.getProperty("user.name")) ? Long.MAX_VALUE : limits.threads;
    return new ProcessLimits(
        limits.openFiles,
        Math.min(ofUser, threadsOfContainer(Path.of("/sys/fs/cgroup"), "/proc/self/cgroup")),
        limits.fileBytes,
        limits.addressSpace,
        limits.heap);
  }

  /**
   * Returns the limit of threads of the control group, which containers and services set.
   *
   * @param root the file system of control groups, version 1 or 2
   * @param membership the file that lists the groups of this process
   */
  static long threadsOfContainer(Path root, String membership) {
    // Inside a container, the group of the process is mounted at the root.
    Stream<String> groups =
        Stream.concat(
            Stream.of("", "/pids"),
            read(Path.of(membership))
                .lines()
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3 && Set.of("", "pids").contains(parts[1]))
                .map(parts -> (parts[1].isEmpty() ? "" : "/pids") + parts[2]));
    return groups
        .map(group -> read(Path.of(root + group, "pids.max")).strip())
        .filter(limit -> limit.matches("\\d{1,18}"))
        .mapToLong(Long::parseLong)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Returns the content of a file, or an empty text if there is none, as on other systems. */
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException notLinux) {
      return "";
    }
  }

  /** Parses {@code /proc/self/limits}. A limit that is missing or not a number is unlimited. */
  static ProcessLimits parse(String limits, long heap) {
    Map<String, Long> values =
        LIMIT
            .matcher(limits)
            .results()
            .filter(limit -> limit.group(2).length() <= 18)
            .collect(
                Collectors.toMap(
                    (MatchResult limit) -> limit.group(1),
                    limit -> Long.parseLong(limit.group(2))));
    return new ProcessLimits(
        values.getOrDefault("open files", Long.MAX_VALUE),
        values.getOrDefault("processes", Long.MAX_VALUE),
        values.getOrDefault("file size", Long.MAX_VALUE),
        values.getOrDefault("address space", Long.MAX_VALUE),
        heap);
  }

  static Finding check(String process, ProcessLimits limits) {
    List<String> problems = new ArrayList<>();
    List<String> options = new ArrayList<>();
    if (limits.openFiles < MIN_OPEN_FILES) {
      problems.add("%d open files, required %d".formatted(limits.openFiles, MIN_OPEN_FILES));
      options.add("-n");
    }
    if (limits.threads < MIN_THREADS) {
      problems.add("%d threads, required %d".formatted(limits.threads, MIN_THREADS));
      options.add("-u");
    }
    if (limits.fileBytes < MIN_FILE_BYTES) {
      problems.add(
          "files of %s, required %s"
              .formatted(
                  MemoryLimits.formatBytes(limits.fileBytes),
                  MemoryLimits.formatBytes(MIN_FILE_BYTES)));
      options.add("-f");
    }
    long addressSpace = limits.heap + MIN_ADDRESS_SPACE_BEYOND_HEAP;
    if (limits.addressSpace < addressSpace) {
      problems.add(
          "%s of address space, required %s for a heap of %s"
              .formatted(
                  MemoryLimits.formatBytes(limits.addressSpace),
                  MemoryLimits.formatBytes(addressSpace),
                  MemoryLimits.formatBytes(limits.heap)));
      options.add("-v");
    }
    Check check = new Check(process, "limits");
    return problems.isEmpty()
        ? check.ok("enough open files, threads, file size and address space")
        : check.wrongSetting(
            String.join("; ", problems),
            "Raise the limit (ulimit %s; in a container --ulimit and --pids-limit)."
                .formatted(String.join(", ", options)));
  }
}
