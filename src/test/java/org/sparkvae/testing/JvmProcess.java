package org.sparkvae.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Another JVM with the class path of this one and the JVM options of the job. */
public final class JvmProcess {
  /**
   * JVM options for short-lived processes, in which the C2 compiler and G1's threads cost more time
   * than they save. In the complete build and in the long test modes, processes have the job's own
   * options.
   */
  public static final List<String> SHORT_LIVED =
      Stream.of("complete", "long", "kills", "faults")
              .anyMatch(mode -> System.getProperty(mode, "false").matches("true|\\d+"))
          ? List.of()
          : List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private JvmProcess() {}

  /**
   * Returns a command that has not been started.
   *
   * @param main class with the main method
   * @param options JVM options in addition to those of {@code conf/jvm-options}
   * @param arguments arguments of the main method
   */
  public static ProcessBuilder of(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@conf/jvm-options");
    command.addAll(SHORT_LIVED);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
