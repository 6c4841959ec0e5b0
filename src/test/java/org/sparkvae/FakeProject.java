package org.sparkvae;

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
 * For each test a project with {@code submit/sparkvae}, built as it were, whose java and sleep only
 * write down their words; and a launcher at work in it.
 */
abstract class FakeProject {
  /** Ends as the next line of {@code ends} says: a code, a signal that kills it, or not at all. */
  private static final String JAVA =
      """
      #!/usr/bin/env bash
      cd "$(dirname "$0")/../.."
      n=$(($(ls java-* 2>/dev/null | wc -l) + 1))
      printf '%s\\n' "$@" >writing
      echo $$ >pid
      mv writing "java-$n"
      end=$(sed -n "${n}p" ends)
      case $end in
        hang) exec /bin/sleep 300 ;;
        [A-Z]*) kill -s "$end" $$ ;;
        *) exit "$end" ;;
      esac
      """;

  private static final String SLEEP =
      """
      #!/usr/bin/env bash
      cd "$(dirname "$0")/../.."
      echo $$ >pid
      echo "$1" >>pauses
      [[ ! -e hang-in-pause ]] || exec /bin/sleep 300
      """;

  static final String CLUSTER = "conf/spark-defaults-cluster.conf";
  static final String AUTHENTICATED = "conf/spark-authenticated.conf";

  @TempDir Path home;
  private Process launcher;

  @BeforeEach
  void aBuiltProject() throws IOException {
    executable("submit/sparkvae", Files.readString(Path.of("submit/sparkvae")));
    executable("fake/bin/java", JAVA);
    executable("fake/bin/sleep", SLEEP);
    write("conf/jvm-options", "# A comment.\n-Dours=1\n");
    for (String settings : List.of("conf/spark-defaults-local.conf", CLUSTER, AUTHENTICATED)) {
      write(settings, Files.readString(Path.of(settings)));
    }
    write("conf/mnist-mirrors.txt", "");
    write("pom.xml", "");
    write("src/main/nothing", "");
    write("target/lib/one.jar", "");
    write("target/spark-vae.jar", "");
    write("target/jars-complete", "");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    if (launcher != null && launcher.isAlive()) {
      launcher.descendants().forEach(ProcessHandle::destroyForcibly);
      launcher.destroyForcibly();
      throw new AssertionError("the launcher still ran");
    }
    if (Files.exists(home.resolve("pid"))) {
      long pid = Long.parseLong(Files.readString(home.resolve("pid")).strip());
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  void write(String file, String text) throws IOException {
    Files.createDirectories(home.resolve(file).getParent());
    Files.writeString(home.resolve(file), text, StandardCharsets.UTF_8);
  }

  void executable(String file, String text) throws IOException {
    write(file, text);
    assertThat(home.resolve(file).toFile().setExecutable(true)).isTrue();
  }

  void permissions(String file, String mode) throws IOException {
    Files.setPosixFilePermissions(home.resolve(file), PosixFilePermissions.fromString(mode));
  }

  void start(String... words) throws IOException {
    launcher = launched("output", "errors", words);
  }

  /** Runs another launcher beside the first, whose errors are {@code errors-2}. */
  int runBeside(String... words) throws Exception {
    Process second = launched("output-2", "errors-2", words);
    try {
      assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return second.exitValue();
    } finally {
      second.descendants().forEach(ProcessHandle::destroyForcibly);
      second.destroyForcibly();
    }
  }

  private Process launched(String output, String errors, String... words) throws IOException {
    // Maven in the background of a script is deaf to SIGINT, and so would this be.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(home.resolve("submit/sparkvae").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(home.resolve(output).toFile())
            .redirectError(home.resolve(errors).toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SPARK"));
    builder.environment().remove("JAVA_OPTS");
    builder.environment().put("JAVA_HOME", home.resolve("fake").toString());
    builder.environment().merge("PATH", home.resolve("fake/bin") + ":", (old, bin) -> bin + old);
    builder.environment().put("XDG_STATE_HOME", home.resolve("state").toString());
    return builder.start();
  }

  int run(String... words) throws Exception {
    start(words);
    return end();
  }

  int end() throws Exception {
    assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return launcher.exitValue();
  }

  void javaEnds(String... ends) throws IOException {
    write("ends", String.join("\n", ends) + "\n");
  }

  int attempts() {
    int attempts = 0;
    while (Files.exists(home.resolve("java-" + (attempts + 1)))) {
      attempts++;
    }
    return attempts;
  }

  List<String> words(int attempt) throws IOException {
    return Files.readAllLines(home.resolve("java-" + attempt));
  }

  List<String> errors() throws IOException {
    return Files.readAllLines(home.resolve("errors"));
  }

  String pauses() throws IOException {
    return String.join(" ", Files.readAllLines(home.resolve("pauses")));
  }

  void waitFor(String file) throws InterruptedException {
    while (!Files.exists(home.resolve(file)) && launcher.isAlive()) {
      Thread.sleep(10);
    }
    assertThat(home.resolve(file)).exists();
  }

  void send(String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", "-s", signal, String.valueOf(launcher.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
