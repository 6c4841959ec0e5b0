package org.sparkvae.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Records what a running job exposes: sockets, shared memory, and files that others can change. */
public final class JobMonitor {
  private static final Path PROCESSES = Path.of("/proc");

  /** The kernel's number of the state in which a socket accepts connections. */
  private static final String LISTENING = "0A";

  private final Set<String> udpAddresses = new TreeSet<>();
  private final Set<String> tcpAddresses = new TreeSet<>();
  private int mostTcpPorts;
  private final Set<String> sharedMemory = new TreeSet<>();
  private final Set<String> worldWritable = new TreeSet<>();

  /** Records the sockets and shared files of a process; ignores a process that has ended. */
  public void inspectProcess(long pid) {
    Path process = PROCESSES.resolve(Long.toString(pid));
    try {
      for (String table : List.of("net/udp", "net/udp6")) {
        sockets(process, table).forEach(columns -> udpAddresses.add(address(columns[1])));
      }
      List<String> listening = new ArrayList<>();
      for (String table : List.of("net/tcp", "net/tcp6")) {
        sockets(process, table)
            .filter(columns -> columns[3].equals(LISTENING))
            .forEach(columns -> listening.add(columns[1]));
      }
      listening.forEach(socket -> tcpAddresses.add(address(socket)));
      mostTcpPorts = Math.max(mostTcpPorts, listening.size());
      lines(process.resolve("maps"))
          .filter(line -> line.contains(" /dev/shm/"))
          .map(line -> line.substring(line.indexOf("/dev/shm/")))
          .forEach(sharedMemory::add);
    } catch (IOException | UncheckedIOException ended) {
      return;
    }
    sharedMemory.forEach(file -> inspectFiles(Path.of(file).getParent()));
  }

  /** Records the world-writable files and directories below a directory. */
  public void inspectFiles(Path directory) {
    try {
      Process find =
          new ProcessBuilder("find", directory.toString(), "-perm", "-o+w", "!", "-type", "l")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      new String(find.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .forEach(worldWritable::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the local addresses of UDP sockets, such as {@code 127.0.0.1}. */
  public Set<String> udpAddresses() {
    return udpAddresses;
  }

  /** Returns the local addresses at which processes accept TCP connections. */
  public Set<String> tcpAddresses() {
    return tcpAddresses;
  }

  /** Returns the largest number of ports at which one process accepted TCP connections. */
  public int mostTcpPorts() {
    return mostTcpPorts;
  }

  /** Returns the files in {@code /dev/shm} that processes have mapped. */
  public Set<String> sharedMemory() {
    return sharedMemory;
  }

  /** Returns the files and directories that every user of the machine can change. */
  public Set<String> worldWritable() {
    return worldWritable;
  }

  /** Returns the columns of the kernel's table for each socket of a process. */
  private static Stream<String[]> sockets(Path process, String table) throws IOException {
    Set<String> own;
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      own = open.map(JobMonitor::target).collect(Collectors.toSet());
    }
    return lines(process.resolve(table))
        .skip(1)
        .map(line -> line.strip().split(" +"))
        .filter(columns -> own.contains("socket:[" + columns[9] + "]"));
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

  /**
   * Converts an address of the kernel, such as {@code 0100007F:ABCD}, to {@code 127.0.0.1}. The
   * last four bytes are the IPv4 address.
   */
  private static String address(String hexadecimal) {
    String bytes = hexadecimal.substring(0, hexadecimal.indexOf(':'));
    String last = bytes.substring(bytes.length() - 8);
    return Stream.of(6, 4, 2, 0)
        .map(start -> Integer.valueOf(last.substring(start, start + 2), 16).toString())
        .collect(Collectors.joining("."));
  }
}
