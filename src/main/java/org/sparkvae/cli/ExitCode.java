package org.sparkvae.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.exception.ThresholdException;
import org.sparkvae.exception.TransientException;

/** What a process of this program ends with; the help lists them from here. */
enum ExitCode {
  DONE(0, "done"),
  FAULT(1, "a fault of the program"),
  USAGE(2, "usage or configuration"),
  INPUT(3, "bad input data"),
  DIVERGED(4, "training diverged: NaN or infinite"),
  THRESHOLD(5, "evaluation beyond the asked threshold"),
  OUTSIDE(
      75,
      "something outside failed (an executor, a node, the file system); the same command run again"
          + " goes on from the last good checkpoint");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  int code() {
    return code;
  }

  static ExitCode of(Throwable thrown) {
    if (!(thrown instanceof SparkVaeException)) {
      return FAULT;
    } else if (thrown instanceof ConfigurationException) {
      return USAGE;
    } else if (thrown instanceof InputDataException) {
      return INPUT;
    } else if (thrown instanceof DivergenceException) {
      return DIVERGED;
    } else if (thrown instanceof ThresholdException) {
      return THRESHOLD;
    } else if (thrown instanceof TransientException) {
      return OUTSIDE;
    }
    throw new IllegalStateException("no exit code for " + thrown.getClass(), thrown);
  }

  /** Code to meaning, for picocli's help. */
  static Map<String, String> help() {
    Map<String, String> help = new LinkedHashMap<>();
    for (ExitCode each : values()) {
      help.put(" " + each.code, each.meaning);
    }
    return help;
  }
}
