package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCallTest {
  /** Returns a stack trace with the given classes and methods, the innermost first. */
  private static List<StackTraceElement> trace(String... frames) {
    return Stream.of(frames)
        .map(frame -> frame.split("#"))
        .map(parts -> new StackTraceElement(parts[0], parts[1], null, -1))
        .toList();
  }

  private static List<StackTraceElement> exitBy(String caller) {
    return trace(
        "java.lang.Object#wait",
        "java.lang.Thread#join",
        "java.lang.ApplicationShutdownHooks#runHooks",
        "java.lang.ApplicationShutdownHooks$1#run",
        "java.lang.Shutdown#runHooks",
        "java.lang.Shutdown#exit",
        "java.lang.Runtime#exit",
        "java.lang.System#exit",
        caller + "#method",
        "java.lang.Thread#run");
  }

  /** Spark's exit codes: 50 and 52, 53, 56 and 57. */
  @ParameterizedTest
  @CsvSource({
    "org.apache.spark.executor.Executor, TEMPORARY, heartbeats",
    "org.apache.spark.storage.DiskBlockManager, TEMPORARY, spark.local.dir",
    "org.apache.spark.storage.BlockManager, INTERNAL_ERROR, ended by org.apache.spark.storage.BlockManager",
    "org.apache.spark.util.SparkUncaughtExceptionHandler, INTERNAL_ERROR, SparkUncaughtExceptionHandler",
    "org.apache.spark.ui.SparkUI, INTERNAL_ERROR, org.apache.spark.ui.SparkUI",
    "com.example.Native, INTERNAL_ERROR, com.example.Native"
  })
  void mapsTheCallerToADocumentedExitCode(String caller, ExitCode code, String line) {
    assertThat(ExitCall.caller(exitBy(caller))).contains(caller);
    ExitCall call = new ExitCall(Thread.currentThread(), caller);
    assertThat(call.isSignal()).isFalse();
    assertThat(call.outcome().code()).isEqualTo(code);
    assertThat(call.outcome().line()).contains(line).doesNotContain("interrupted");
  }

  @Test
  void recognizesASignal() {
    List<StackTraceElement> signal =
        trace(
            "java.lang.Shutdown#runHooks",
            "java.lang.Shutdown#exit",
            "java.lang.Terminator$1#handle",
            "jdk.internal.misc.Signal$1#run",
            "java.lang.Thread#run");
    String caller = ExitCall.caller(signal).orElseThrow();
    assertThat(new ExitCall(Thread.currentThread(), caller).isSignal()).isTrue();
  }

  @Test
  void ignoresThreadsThatWaitForTheShutdown() {
    assertThat(
            ExitCall.caller(
                trace("java.lang.Shutdown#exit", "java.lang.Runtime#exit", "a.B#method")))
        .isEmpty();
    assertThat(ExitCall.caller(trace("a.Shutdown#runHooks", "a.B#method"))).isEmpty();
  }
}
