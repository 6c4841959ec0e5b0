package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.JvmProcess;

@CompleteBuild
class ProcessEndTest {
  private static final Map<String, List<Object>> EXPECTED = new LinkedHashMap<>();

  static {
    // Spark's codes would be 50 and 53.
    EXPECTED.put(
        "uncaught exception",
        List.of(1, "internal error: the process was ended by org.apache.spark.util."));
    EXPECTED.put("temporary directory", List.of(75, "spark.local.dir: Spark cannot create"));
    EXPECTED.put(
        "temporary directory in work", List.of(75, "spark.local.dir: Spark cannot create"));
    EXPECTED.put("memory of a thread", List.of(2, "out of memory (java.lang.OutOfMemoryError"));
    EXPECTED.put("threads", List.of(2, "Raise the limit of threads (ulimit -u"));
    EXPECTED.put("library", List.of(1, "internal error: the process was ended by org.sparkvae."));
    EXPECTED.put("library in work", List.of(1, "internal error: the process was ended by org."));
    EXPECTED.put("command", List.of(3, ""));
    EXPECTED.put("INT", List.of(130, "interrupted. Rerun the same command to resume."));
    EXPECTED.put("TERM", List.of(143, "interrupted. Rerun the same command to resume."));
    EXPECTED.put("HUP", List.of(129, "interrupted. Rerun the same command to resume."));
  }

  @TempDir Path directory;

  /**
   * Each case is a process of its own. They run at the same time, because most of it is waiting.
   */
  @Test
  void eachEndHasOneLineAndADocumentedExitCode() throws Exception {
    Map<String, Process> processes = new LinkedHashMap<>();
    try {
      for (String cause : EXPECTED.keySet()) {
        processes.put(cause, start(cause));
      }
      for (Map.Entry<String, Process> entry : processes.entrySet()) {
        if (List.of("INT", "TERM", "HUP").contains(entry.getKey())) {
          sendWhenReady(entry.getKey(), entry.getValue());
        }
      }
      SoftAssertions assertions = new SoftAssertions();
      for (Map.Entry<String, Process> entry : processes.entrySet()) {
        Process process = entry.getValue();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(entry.getKey()).isTrue();
        List<Object> expected = EXPECTED.get(entry.getKey());
        String errors = Files.readString(errors(entry.getKey()));
        assertions.assertThat(process.exitValue()).as(entry.getKey()).isEqualTo(expected.get(0));
        assertions
            .assertThat(errors.lines())
            .as("%s: %s", entry.getKey(), errors)
            .hasSize(expected.get(1).equals("") ? 0 : 1);
        assertions.assertThat(errors).contains((String) expected.get(1));
      }
      assertions.assertAll();
    } finally {
      processes.values().forEach(Process::destroyForcibly);
    }
  }

  private Path errors(String cause) {
    return directory.resolve(cause + ".err");
  }

  private Process start(String cause) throws IOException {
    List<String> options =
        List.of(
            "-Dlog4j2.configurationFile=conf/log4j2.properties",
            "-Dsparkvae.log=" + directory.resolve(cause + ".log"));
    ProcessBuilder builder = JvmProcess.of(EndingProcess.class, options, cause);
    // If Maven runs in the background of a script, it ignores SIGINT, and its children would too.
    builder.command().addAll(0, List.of("env", "--default-signal=INT,HUP"));
    return builder
        .redirectOutput(directory.resolve(cause + ".out").toFile())
        .redirectError(errors(cause).toFile())
        .start();
  }

  private void sendWhenReady(String signal, Process process) throws Exception {
    while (Files.size(directory.resolve(signal + ".out")) == 0 && process.isAlive()) {
      Thread.sleep(20);
    }
    new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
  }
}
