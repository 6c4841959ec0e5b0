package org.sparkvae.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The process that owns a lock, with enough information to detect whether it is still alive.
 *
 * <p>A lock of the operating system, which {@code ProcessTempDirectory} uses, does not work for
 * runs: HDFS and object stores have none, and a cleaner of old temporary files could delete one on
 * the local disk while the job runs. The temporary directory in turn cannot use process IDs: a
 * restarted container has another process namespace, where the previous one cannot be looked up.
 *
 * @param host the host name
 * @param machine the scope in which {@code pid} is unique: boot ID, process namespace and user;
 *     empty if there is no {@code /proc}
 * @param pid the process ID
 * @param ticks the process's start time in kernel clock ticks, which detects a reused process ID
 * @param since the time at which the lock was acquired, for messages
 */
record LockOwner(String host, String machine, long pid, String ticks, String since) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Returns this process as an owner. */
  static LockOwner thisProcess() {
    return of(ProcessHandle.current().pid());
  }

  /** Returns a process on this host as an owner. */
  static LockOwner of(long pid) {
    return new LockOwner(thisHost(), thisMachine(), pid, startTicks(pid), Instant.now().toString());
  }

  /** Parses the output of {@link #json}. Returns empty if the text is invalid or incomplete. */
  static Optional<LockOwner> parse(String json) {
    try {
      return Optional.of(JSON.readValue(json, LockOwner.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Returns the owner as one line of JSON. */
  String json() {
    return JSON.valueToTree(this) + "\n";
  }

  /**
   * Returns whether this process can check the owner in {@code /proc}. It cannot if the owner runs
   * on another host, in another container or as another user.
   */
  boolean isCheckable() {
    return !machine.isEmpty() && host.equals(thisHost()) && machine.equals(thisMachine());
  }

  /** Returns whether the owner is alive. Valid only if the owner {@link #isCheckable}. */
  boolean isAlive() {
    return !ticks.isEmpty() && ticks.equals(startTicks(pid));
  }

  @Override
  public String toString() {
    return "process %d on %s since %s".formatted(pid, host, since);
  }

  private static String thisHost() {
    return read("/proc/sys/kernel/hostname").orElse("an unknown host").strip();
  }

  private static String thisMachine() {
    try {
      String boot = read("/proc/sys/kernel/random/boot_id").orElseThrow(IOException::new).strip();
      Path namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
      // The user is part of the scope because /proc can hide other users' processes.
      return "%s %s %s".formatted(boot, namespace, System.getProperty("user.name"));
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Returns a process's start time in clock ticks, or empty if it does not exist or is a zombie.
   */
  private static String startTicks(long pid) {
    String status = read("/proc/" + pid + "/stat").orElse("");
    // The second field is the program's name in parentheses, which can contain spaces.
    String[] fields = status.substring(status.lastIndexOf(')') + 1).strip().split(" ", -1);
    return fields.length < 20 || "ZX".contains(fields[0]) ? "" : fields[19];
  }

  private static Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(Path.of(file), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
