package org.sparkvae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.sparkvae.testing.cluster.Driver;

/** A process that runs {@code submit/sparkvae} with the jar of this build. */
public final class SparkVaeProcess {
  private static final long DEADLINE_SECONDS = 420;

  private final Process process;
  private final Path out;
  private final Path err;

  private SparkVaeProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a local job; its output goes to files in {@code directory}. */
  public static SparkVaeProcess start(Path directory, String... arguments) throws IOException {
    return start(directory, Driver.local(), arguments);
  }

  /** Starts a job with the given driver. */
  public static SparkVaeProcess start(Path directory, Driver driver, String... arguments)
      throws IOException {
    Path out = Files.createTempFile(directory, "stdout", ".txt");
    Path err = Files.createTempFile(directory, "stderr", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(driver.commandLine("submit/sparkvae", arguments))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("XDG_STATE_HOME", directory.toString());
    builder.environment().put("JAVA_OPTS", "-Xmx2g " + String.join(" ", JvmProcess.SHORT_LIVED));
    builder.environment().keySet().removeIf(name -> name.startsWith("SPARK"));
    return new SparkVaeProcess(builder.start(), out, err);
  }

  /** Runs a local job and waits for its end. */
  public static SparkVaeProcess run(Path directory, String... arguments) throws Exception {
    return start(directory, arguments).awaitEnd();
  }

  /**
   * Waits for the end of the process. Kills it and fails if it is still running at the deadline.
   */
  public SparkVaeProcess awaitEnd() throws Exception {
    return awaitEnd(Duration.ofSeconds(DEADLINE_SECONDS), () -> {});
  }

  /**
   * Does the same, and repeats an inspection until the process ends. Also kills the process if the
   * inspection fails.
   *
   * @param interval the time between two inspections
   */
  public SparkVaeProcess awaitEnd(Duration interval, Runnable inspection) throws Exception {
    long start = System.nanoTime();
    try {
      while (!process.waitFor(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        inspection.run();
        if (System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS)) {
          // On SIGQUIT, Java prints the stack trace of each thread to standard output.
          signal("QUIT");
          Thread.sleep(5_000);
          throw new AssertionError(
              "not finished after %d s: %s%n%s".formatted(DEADLINE_SECONDS, errors(), output()));
        }
      }
    } finally {
      if (process.isAlive()) {
        kill();
      }
    }
    return this;
  }

  /** Sends a signal to the process {@link #pid}. */
  public void signal(String name) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + pid()).inheritIO().start().waitFor())
        .isZero();
  }

  /**
   * Returns the pid of the launcher. It is also the pid of the job's JVM, except with retries or in
   * cluster mode.
   */
  public long pid() {
    return process.pid();
  }

  public int exitCode() {
    return process.exitValue();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Kills the job's JVM with SIGKILL. The launcher keeps running and can retry the job. */
  public void killJvm() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /** Sends SIGTERM, waits for the end of the process and returns its exit code. */
  public int terminate(Duration deadline) throws Exception {
    process.destroy();
    assertThat(process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS))
        .as("still running %s after SIGTERM: %s", deadline, errors())
        .isTrue();
    return exitCode();
  }

  /** Kills the launcher and the job with SIGKILL. */
  public void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  public String output() throws IOException {
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  public String errors() throws IOException {
    return Files.readString(err, StandardCharsets.UTF_8);
  }

  public SparkVaeProcess assertExitCode(int expected) throws IOException {
    assertThat(exitCode()).as("%s%n%s", output(), errors()).isEqualTo(expected);
    return this;
  }
}
