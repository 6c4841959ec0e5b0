package org.sparkvae.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The machine's {@code python3}. Tests that require it are skipped if it is not installed. */
public final class PythonInterpreter {
  private PythonInterpreter() {}

  public static ProcessBuilder command(String... arguments) {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "python3"))),
        "python3 is not installed");
    return new ProcessBuilder(
            Stream.concat(Stream.of("python3"), Stream.of(arguments)).toArray(String[]::new))
        .redirectErrorStream(true);
  }
}
