package org.sparkvae.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.exception.ThresholdException;
import org.sparkvae.exception.TransientException;

/** The exit codes; the help lists them from here. */
enum ExitCode {
  DONE(0, "done", null),
  INTERNAL_ERROR(1, "internal error", null),
  USAGE(2, "usage or configuration", ConfigurationException.class),
  INPUT_DATA(3, "bad input data", InputDataException.class),
  DIVERGED(4, "training diverged (a NaN or infinite loss or parameter)", DivergenceException.class),
  THRESHOLD(5, "a requested metric threshold was missed", ThresholdException.class),
  TEMPORARY(
      75,
      "a temporary external failure (an executor, a host, the network, the file system); rerun the same command"
          + " to resume",
      TransientException.class);

  private final int code;
  private final String meaning;
  private final Class<? extends SparkVaeException> exception;

  ExitCode(int code, String meaning, Class<? extends SparkVaeException> exception) {
    this.code = code;
    this.meaning = meaning;
    this.exception = exception;
  }

  int code() {
    return code;
  }

  static ExitCode of(Throwable thrown) {
    return Arrays.stream(values())
        .filter(code -> code.exception != null && code.exception.isInstance(thrown))
        .findFirst()
        .orElse(INTERNAL_ERROR);
  }

  /** Returns the meaning of each code, for picocli's help. */
  static Map<String, String> help() {
    Map<String, String> help = new LinkedHashMap<>();
    for (ExitCode exitCode : values()) {
      help.put(" " + exitCode.code, exitCode.meaning);
    }
    return help;
  }
}
