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
 * A process that holds something, described so that another can tell whether it still lives.
 *
 * @param machine the boot of a machine, the user and the process namespace, within which {@code
 *     pid} means something; empty where there is no {@code /proc}
 * @param ticks when the process started, counted by the kernel, since another may get its number
 * @param since for people to read
 */
record LockOwner(String host, String machine, long pid, String ticks, String since) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  static LockOwner thisProcess() {
    return of(ProcessHandle.current().pid());
  }

  /** A process of this machine. */
  static LockOwner of(long pid) {
    return new LockOwner(thisHost(), thisMachine(), pid, ticks(pid), Instant.now().toString());
  }

  /** Reads {@link #json} back; empty if the text is no such thing, or only the beginning of it. */
  static Optional<LockOwner> parse(String json) {
    try {
      return Optional.of(JSON.readValue(json, LockOwner.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  String json() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether this process can see that one, or would if it lived. */
  boolean isInSight() {
    return !machine.isEmpty() && host.equals(thisHost()) && machine.equals(thisMachine());
  }

  /** Of one in sight. */
  boolean lives() {
    return !ticks.isEmpty() && ticks.equals(ticks(pid));
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
      // Another user's processes can be hidden.
      return "%s %s %s".formatted(boot, namespace, System.getProperty("user.name"));
    } catch (IOException e) {
      return "";
    }
  }

  /** Empty if there is no such process, or only what a parent has not taken note of yet. */
  private static String ticks(long pid) {
    String status = read("/proc/" + pid + "/stat").orElse("");
    // The second field is the program's name, in parentheses, with whatever is in it.
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
