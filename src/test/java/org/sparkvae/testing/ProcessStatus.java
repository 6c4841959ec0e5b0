package org.sparkvae.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Reads the status of a process from {@code /proc/PID/status}. */
public final class ProcessStatus {
  private ProcessStatus() {}

  /**
   * Returns a numeric field of the status. Memory fields are in KB; examples are {@code VmRSS}, the
   * resident set, and {@code VmHWM}, its maximum.
   *
   * @param process directory of the process in {@code /proc}
   * @param name name of the field
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
