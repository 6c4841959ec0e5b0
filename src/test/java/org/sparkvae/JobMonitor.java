package org.sparkvae;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a job lets its machine see while it runs: UDP sockets, and files that others may change. */
final class JobMonitor {
  private static final Path PROCESSES = Path.of("/proc");

  private final Set<String> udpAddresses = new TreeSet<>();
  private final Set<String> sharedMemory = new TreeSet<>();
  private final Set<String> changeable = new TreeSet<>();

  /** Looks at a process; one that has just ended shows nothing. */
  void lookAtProcess(long pid) {
    Path process = PROCESSES.resolve(Long.toString(pid));
    try {
      Set<String> sockets = sockets(process);
      for (String table : List.of("net/udp", "net/udp6")) {
        lines(process.resolve(table))
            .skip(1)
            .map(line -> line.strip().split(" +"))
            .filter(columns -> sockets.contains("socket:[" + columns[9] + "]"))
            .forEach(columns -> udpAddresses.add(address(columns[1])));
      }
      lines(process.resolve("maps"))
          .filter(line -> line.contains(" /dev/shm/"))
          .map(line -> line.substring(line.indexOf("/dev/shm/")))
          .forEach(sharedMemory::add);
    } catch (IOException | UncheckedIOException ended) {
      return;
    }
    sharedMemory.forEach(file -> lookAtFiles(Path.of(file).getParent()));
  }

  /** Looks at all files and directories below one. */
  void lookAtFiles(Path directory) {
    try {
      Process find =
          new ProcessBuilder("find", directory.toString(), "-perm", "-o+w", "!", "-type", "l")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      new String(find.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .forEach(changeable::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The local addresses of UDP sockets, such as {@code 127.0.0.1}. */
  Set<String> udpAddresses() {
    return udpAddresses;
  }

  /** Files in {@code /dev/shm} that processes had mapped. */
  Set<String> sharedMemory() {
    return sharedMemory;
  }

  /** What every user of the machine might have changed. */
  Set<String> changeable() {
    return changeable;
  }

  private static Set<String> sockets(Path process) throws IOException {
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      return open.map(JobMonitor::target)
          .filter(target -> target.startsWith("socket:"))
          .collect(Collectors.toSet());
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  private static Stream<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream();
  }

  /** Of the kernel's {@code 0100007F:ABCD}; the last four bytes are those of an IPv4 address. */
  private static String address(String hexadecimal) {
    String bytes = hexadecimal.substring(0, hexadecimal.indexOf(':'));
    String last = bytes.substring(bytes.length() - 8);
    return Stream.of(6, 4, 2, 0)
        .map(start -> Integer.valueOf(last.substring(start, start + 2), 16).toString())
        .collect(Collectors.joining("."));
  }
}
