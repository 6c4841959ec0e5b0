package org.sparkvae.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The result of a command in this JVM.
 *
 * @param code the exit code
 * @param output the text on standard output
 * @param errors the lines on standard error, without progress bars
 */
record CommandResult(int code, String output, List<String> errors) {
  /** Runs a command and captures its output. */
  static CommandResult of(String... command) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int code = Main.commandLine(new ConsoleReporter(), List.of(command)).execute(command);
      List<String> errors =
          err.toString(StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.matches(".*\\d+% \\[.*|\\s*"))
              .toList();
      return new CommandResult(code, out.toString(StandardCharsets.UTF_8), errors);
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }
}
