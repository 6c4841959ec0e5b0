package org.sparkvae.fuzz;

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
import org.sparkvae.ProcessStatus;

/** Work within limits of time, memory and open files, and without any class that was planted. */
public final class ResourceLimits {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final long MOST_KB = 1 << 20;
  private static final Path SELF = Path.of("/proc/self");

  /** What stays open once it was needed. */
  private static final Pattern OF_JAVA = Pattern.compile(".*\\.jar|/(proc|sys|dev|usr)/.*");

  private ResourceLimits() {}

  /** Does the work, and fails if it takes more than it may or leaves anything. */
  public static <T> T work(Callable<T> work) throws Exception {
    Set<String> temporary = temporary();
    Set<String> open = openFiles();
    // From here on the most is counted anew.
    Files.writeString(SELF.resolve("clear_refs"), "5");
    long before = ProcessStatus.of(SELF, "VmRSS");
    long heapBefore = heap(MemoryPoolMXBean::getUsage);
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    T result = Assertions.assertTimeoutPreemptively(DEADLINE, work::call);
    // The heap may be resident already, whoever uses it.
    assertThat(heap(MemoryPoolMXBean::getPeakUsage) - heapBefore)
        .as("heap, KB")
        .isLessThan(MOST_KB);
    assertThat(ProcessStatus.of(SELF, "VmHWM") - before).as("memory, KB").isLessThan(MOST_KB);
    assertThat(System.getProperty(PlantedClass.LOADED)).as("the planted class is loaded").isNull();
    awaitClosed(open);
    assertThat(temporary()).as("temporary files").isSubsetOf(temporary);
    return result;
  }

  /** A task of Spark's that has failed may be closing its own still. */
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

  private static long heap(Function<MemoryPoolMXBean, MemoryUsage> which) {
    return heapPools().mapToLong(pool -> which.apply(pool).getUsed()).sum() / 1024;
  }

  private static Set<String> temporary() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .map(Path::toString)
          // The log is in the same directory, and rolls over.
          .filter(file -> !file.contains("/test.log"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Regular files; sockets come and go with Spark's own business. */
  private static Set<String> openFiles() throws IOException {
    Set<String> open = new TreeSet<>();
    try (Stream<Path> links = Files.list(SELF.resolve("fd"))) {
      for (Path link : links.toList()) {
        String target = target(link);
        if (target.startsWith("/") && !OF_JAVA.matcher(target).matches()) {
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
