package org.sparkvae;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel says of a process in {@code /proc/PID/status}. */
public final class ProcessStatus {
  private ProcessStatus() {}

  /**
   * A number of it: KB for memory, such as {@code VmRSS} now and {@code VmHWM} at most.
   *
   * @param process in {@code /proc}
   */
  public static long of(Path process, String name) throws IOException {
    try (Stream<String> lines = Files.lines(process.resolve("status"))) {
      return lines
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findAny()
          .orElseThrow();
    }
  }
}
