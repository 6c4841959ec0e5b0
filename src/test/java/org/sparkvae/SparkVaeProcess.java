package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.sparkvae.cluster.Driver;

/** {@code submit/sparkvae} as a process of its own, with the jar that the build has just made. */
final class SparkVaeProcess {
  private static final long DEADLINE_SECONDS = 420;

  private final Process process;
  private final Path out;
  private final Path err;

  private SparkVaeProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts it; what it prints goes to files in {@code directory}. */
  static SparkVaeProcess start(Path directory, String... arguments) throws IOException {
    return start(directory, Driver.local(), arguments);
  }

  /** The same with a driver of a cluster. */
  static SparkVaeProcess start(Path directory, Driver driver, String... arguments)
      throws IOException {
    Path out = Files.createTempFile(directory, "stdout", ".txt");
    Path err = Files.createTempFile(directory, "stderr", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(driver.command("submit/sparkvae", arguments))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("XDG_STATE_HOME", directory.toString());
    builder.environment().put("JAVA_OPTS", "-Xmx2g");
    builder.environment().keySet().removeIf(name -> name.startsWith("SPARK"));
    return new SparkVaeProcess(builder.start(), out, err);
  }

  /** Runs it to its end, within a deadline. */
  static SparkVaeProcess run(Path directory, String... arguments) throws Exception {
    return start(directory, arguments).awaitEnd();
  }

  /** Waits for its end; a process that has none within the deadline is killed. */
  SparkVaeProcess awaitEnd() throws Exception {
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      // Java then says on standard output what each of its threads is doing.
      signal("QUIT");
      Thread.sleep(5_000);
      kill();
      throw new AssertionError(
          "no end after %d s: %s%n%s".formatted(DEADLINE_SECONDS, errors(), output()));
    }
    return this;
  }

  /** Sends a signal to the process that {@link #pid} names. */
  void signal(String name) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + pid()).inheritIO().start().waitFor())
        .isZero();
  }

  /** Of the job's JVM too, unless the launcher was told to try again or the job is a cluster's. */
  long pid() {
    return process.pid();
  }

  int exitCode() {
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL to the job's JVM alone, and not to the launcher, which may try again. */
  void killJob() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /** SIGTERM; returns the exit code. */
  int terminate(Duration deadline) throws Exception {
    process.destroy();
    assertThat(process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS))
        .as("no end within %s of SIGTERM: %s", deadline, errors())
        .isTrue();
    return exitCode();
  }

  /** SIGKILL, as nothing can catch it. */
  void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  String output() throws IOException {
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  String errors() throws IOException {
    return Files.readString(err, StandardCharsets.UTF_8);
  }

  SparkVaeProcess assertExitCode(int expected) throws IOException {
    assertThat(exitCode()).as("%s%n%s", output(), errors()).isEqualTo(expected);
    return this;
  }
}
