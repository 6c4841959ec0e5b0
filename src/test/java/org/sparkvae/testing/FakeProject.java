package org.sparkvae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A temporary project with {@code submit/sparkvae} for each test. It looks as if it had been built,
 * and its fake {@code java} and {@code sleep} only record their arguments.
 */
public abstract class FakeProject {
  /**
   * Ends as its line in {@code exits} says: with an exit code, by a signal, or not ({@code hang}).
   */
  private static final String JAVA =
      """
      #!/usr/bin/env bash
      # Otherwise bash would ignore a signal that arrives while another program runs.
      trap 'trap - INT && kill -s INT $$' INT
      cd "$(dirname "$0")/../.."
      [[ ${!#} != -version ]] || { cat java-fails 2>/dev/null && exit 1 || exit 0; }
      printf '%s\\n' "$@" >"unfinished-$$"
      echo $$ >pid
      n=1
      # Two launchers may call java at the same time.
      until ln "unfinished-$$" "java-$n" 2>/dev/null; do n=$((n + 1)); done
      rm "unfinished-$$"
      exit=$(sed -n "${n}p" exits)
      case $exit in
        hang) exec /bin/sleep 300 ;;
        [A-Z]*) kill -s "$exit" $$ ;;
        *) exit "$exit" ;;
      esac
      """;

  private static final String SLEEP =
      """
      #!/usr/bin/env bash
      cd "$(dirname "$0")/../.."
      echo $$ >pid
      echo "$1" >>delays
      [[ ! -e hang-in-delay ]] || exec /bin/sleep 300
      """;

  public static final String CLUSTER = "conf/spark-defaults-cluster.conf";
  public static final String AUTHENTICATED = "conf/spark-authenticated.conf";
  public static final String GPU = "conf/spark-defaults-gpu.conf";

  /** A file that only the GPU build has. */
  public static final String GPU_JAR =
      "target/lib/nd4j-cuda-11.6-1.0.0-M2.1-linux-x86_64-cudnn.jar";

  @TempDir public Path home;

  /** A command that runs the launcher. */
  public List<String> prefix = List.of();

  private Process launcher;

  @BeforeEach
  public void createProject() throws IOException {
    executable("submit/sparkvae", Files.readString(Path.of("submit/sparkvae")));
    executable("fake/bin/java", JAVA);
    executable("fake/bin/sleep", SLEEP);
    write("conf/jvm-options", "# A comment.\n-Dours=1\n");
    for (String settings : List.of("conf/spark-defaults-local.conf", CLUSTER, AUTHENTICATED, GPU)) {
      write(settings, Files.readString(Path.of(settings)));
    }
    write("conf/mnist-mirrors.txt", "");
    write("pom.xml", "");
    write("src/main/Source.java", "");
    write("target/lib/one.jar", "");
    write("target/spark-vae.jar", "");
    write("target/jars-complete", "");
  }

  @AfterEach
  public void assertNoProcessRemains() throws Exception {
    if (launcher != null && launcher.isAlive()) {
      launcher.descendants().forEach(ProcessHandle::destroyForcibly);
      launcher.destroyForcibly();
      throw new AssertionError("the launcher is still running");
    }
    if (Files.exists(home.resolve("pid"))) {
      long pid = Long.parseLong(Files.readString(home.resolve("pid")).strip());
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  public void write(String file, String text) throws IOException {
    Files.createDirectories(home.resolve(file).getParent());
    Files.writeString(home.resolve(file), text, StandardCharsets.UTF_8);
  }

  public void executable(String file, String text) throws IOException {
    Files.createDirectories(home.resolve(file).getParent());
    Executable.write(home.resolve(file), text);
  }

  public void permissions(String file, String mode) throws IOException {
    Files.setPosixFilePermissions(home.resolve(file), PosixFilePermissions.fromString(mode));
  }

  public void start(String... arguments) throws IOException {
    launcher = launch("output", "errors", arguments);
  }

  /** Runs a second launcher; its standard error is in {@code errors-2}. */
  public int runSecond(String... arguments) throws Exception {
    Process second = launch("output-2", "errors-2", arguments);
    try {
      assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return second.exitValue();
    } finally {
      second.descendants().forEach(ProcessHandle::destroyForcibly);
      second.destroyForcibly();
    }
  }

  private Process launch(String output, String errors, String... arguments) throws IOException {
    // If Maven runs in the background of a script, it ignores SIGINT, and the launcher would too.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(prefix);
    command.add(home.resolve("submit/sparkvae").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(home.resolve(output).toFile())
            .redirectError(home.resolve(errors).toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SPARK") || name.endsWith("_CONF_DIR"));
    builder.environment().remove("JAVA_OPTS");
    builder.environment().put("JAVA_HOME", home.resolve("fake").toString());
    builder.environment().merge("PATH", home.resolve("fake/bin") + ":", (old, bin) -> bin + old);
    builder.environment().put("XDG_STATE_HOME", home.resolve("state").toString());
    return builder.start();
  }

  public int run(String... arguments) throws Exception {
    start(arguments);
    return awaitExit();
  }

  public int awaitExit() throws Exception {
    assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return launcher.exitValue();
  }

  /** Sets how each call of {@code java} ends, in order. */
  public void setJavaExits(String... exits) throws IOException {
    write("exits", String.join("\n", exits) + "\n");
  }

  /** Returns how often {@code java} was called. */
  public int attempts() {
    int attempts = 0;
    while (Files.exists(home.resolve("java-" + (attempts + 1)))) {
      attempts++;
    }
    return attempts;
  }

  /** Returns the arguments of the n-th call of {@code java}, counted from 1. */
  public List<String> javaArguments(int attempt) throws IOException {
    return Files.readAllLines(home.resolve("java-" + attempt));
  }

  public List<String> errors() throws IOException {
    return Files.readAllLines(home.resolve("errors"));
  }

  /** Returns the seconds of all calls of {@code sleep}, separated by spaces. */
  public String delays() throws IOException {
    return String.join(" ", Files.readAllLines(home.resolve("delays")));
  }

  public void waitFor(String file) throws InterruptedException {
    while (!Files.exists(home.resolve(file)) && launcher.isAlive()) {
      Thread.sleep(10);
    }
    assertThat(home.resolve(file)).exists();
  }

  public void sendSignal(String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", "-s", signal, String.valueOf(launcher.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
