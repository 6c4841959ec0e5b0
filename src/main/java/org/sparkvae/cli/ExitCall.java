package org.sparkvae.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The call that ends the JVM, from the stack traces of its threads. Java tells a shutdown hook
 * neither who ends the JVM nor the exit code.
 *
 * @param thread the thread that made the call, or null if it is unknown
 * @param caller the class that called {@code System.exit}; empty if nothing did
 */
record ExitCall(Thread thread, String caller) {
  private static final String SHUTDOWN = "java.lang.Shutdown";

  /** Java's handler of SIGINT, SIGTERM and SIGHUP. */
  private static final String SIGNAL_HANDLER = "java.lang.Terminator";

  private static final Set<String> EXIT_METHODS =
      Set.of(SHUTDOWN, "java.lang.Runtime", "java.lang.System");

  /** How a process ends. */
  record Outcome(ExitCode code, String line) {}

  /** Returns the call that started the shutdown that is in progress. */
  static ExitCall find() {
    for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
      Optional<String> caller = caller(Arrays.asList(entry.getValue()));
      if (caller.isPresent()) {
        return new ExitCall(entry.getKey(), caller.get());
      }
    }
    return new ExitCall(null, "");
  }

  /** Returns the class that ends the JVM, if this is the stack trace of the thread that does. */
  static Optional<String> caller(List<StackTraceElement> trace) {
    // Other threads that call System.exit wait before they run the hooks.
    boolean isActive =
        trace.stream()
            .anyMatch(
                frame ->
                    frame.getClassName().equals(SHUTDOWN)
                        && frame.getMethodName().equals("runHooks"));
    return isActive
        ? trace.stream()
            .map(StackTraceElement::getClassName)
            .dropWhile(name -> !name.equals(SHUTDOWN))
            .dropWhile(EXIT_METHODS::contains)
            .findFirst()
        : Optional.empty();
  }

  /** Returns whether a signal ends the JVM. */
  boolean isSignal() {
    return caller.startsWith(SIGNAL_HANDLER);
  }

  /**
   * Returns how the process ends if a library called {@code System.exit}. Spark's codes from 50 to
   * 57 are not documented, and most of them mean the same.
   */
  Outcome outcome() {
    return switch (caller) {
      case "org.apache.spark.executor.Executor" ->
          new Outcome(
              ExitCode.TEMPORARY,
              "Spark received no answer to its heartbeats. Rerun the same command to resume.");
      case "org.apache.spark.storage.DiskBlockManager" ->
          new Outcome(
              ExitCode.TEMPORARY,
              "spark.local.dir: Spark cannot create its temporary files. Free some space, or choose another directory: --conf spark.local.dir=DIR. Then rerun the same command to resume.");
      default ->
          new Outcome(
              ExitCode.INTERNAL_ERROR,
              "internal error: the process was ended by %s. Report this with the log."
                  .formatted(caller.isEmpty() ? "Java" : caller));
    };
  }
}
