package org.sparkvae.cli;

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
  DONE(0, "done"),
  INTERNAL_ERROR(1, "internal error"),
  USAGE(2, "usage or configuration"),
  INPUT_DATA(3, "bad input data"),
  DIVERGED(4, "training diverged (a NaN or infinite loss or parameter)"),
  THRESHOLD(5, "a requested metric threshold was missed"),
  TEMPORARY(
      75,
      "a temporary external failure (an executor, a host, the network, the file system); rerun the same command"
          + " to resume");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  int code() {
    return code;
  }

  String meaning() {
    return meaning;
  }

  static ExitCode of(Throwable thrown) {
    if (!(thrown instanceof SparkVaeException)) {
      return INTERNAL_ERROR;
    } else if (thrown instanceof ConfigurationException) {
      return USAGE;
    } else if (thrown instanceof InputDataException) {
      return INPUT_DATA;
    } else if (thrown instanceof DivergenceException) {
      return DIVERGED;
    } else if (thrown instanceof ThresholdException) {
      return THRESHOLD;
    } else if (thrown instanceof TransientException) {
      return TEMPORARY;
    }
    throw new IllegalStateException("no exit code for " + thrown.getClass(), thrown);
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
