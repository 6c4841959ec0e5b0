package org.sparkvae.testing.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.sparkvae.testing.ProcessStatus;
import org.sparkvae.testing.TemporaryDirectoryExtension;

/**
 * Limits on the time, memory, temporary files and open files of a piece of work, and a check that
 * no planted class was loaded.
 */
public final class ResourceLimits {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final long MAX_KB = 1 << 20;
  private static final Path SELF = Path.of("/proc/self");

  /** Files that the JVM keeps open. */
  private static final Pattern JVM_FILES = Pattern.compile(".*\\.jar|/(proc|sys|dev|usr)/.*");

  private ResourceLimits() {}

  /** Runs the work. Fails if it exceeds a limit or leaves files behind. */
  public static <T> T enforce(Callable<T> work) throws Exception {
    Set<String> temporaryFiles = temporaryFiles();
    Set<String> open = openFiles();
    // Resets the peak memory (VmHWM) of the process.
    Files.writeString(SELF.resolve("clear_refs"), "5");
    long before = ProcessStatus.of(SELF, "VmRSS");
    long heapBefore = heap(MemoryPoolMXBean::getUsage);
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    T result = Assertions.assertTimeoutPreemptively(DEADLINE, work::call);
    // Part of the heap may be resident already, so the heap is also measured on its own.
    assertThat(heap(MemoryPoolMXBean::getPeakUsage) - heapBefore).as("heap, KB").isLessThan(MAX_KB);
    assertThat(ProcessStatus.of(SELF, "VmHWM") - before).as("memory, KB").isLessThan(MAX_KB);
    assertThat(System.getProperty(PlantedClass.LOADED)).as("the planted class is loaded").isNull();
    awaitClosed(open);
    assertThat(temporaryFiles()).as("temporary files").isSubsetOf(temporaryFiles);
    return result;
  }

  /** Waits for open files to be closed, because a failed Spark task may close its files late. */
  private static void awaitClosed(Set<String> before) throws Exception {
    for (int i = 0; i < 50 && !before.containsAll(openFiles()); i++) {
      Thread.sleep(100);
    }
    assertThat(openFiles()).as("open files").isSubsetOf(before);
  }

  private static Stream<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP);
  }

  private static long heap(Function<MemoryPoolMXBean, MemoryUsage> usage) {
    return heapPools().mapToLong(pool -> usage.apply(pool).getUsed()).sum() / 1024;
  }

  private static Set<String> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(TemporaryDirectoryExtension.create())) {
      return files.map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /**
   * Returns the open regular files. Sockets are ignored, because Spark opens and closes them at any
   * time.
   */
  private static Set<String> openFiles() throws IOException {
    Set<String> open = new TreeSet<>();
    try (Stream<Path> links = Files.list(SELF.resolve("fd"))) {
      for (Path link : links.toList()) {
        String target = target(link);
        if (target.startsWith("/") && !JVM_FILES.matcher(target).matches()) {
          open.add(target);
        }
      }
    }
    return open;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }
}
