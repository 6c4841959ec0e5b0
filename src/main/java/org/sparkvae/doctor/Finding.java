package org.sparkvae.doctor;

/**
 * The result of one check in one process.
 *
 * @param process the process, such as {@code driver} or {@code executor 0 (10.0.0.7)}
 * @param check the name of the check
 * @param result what the check found
 * @param fix what to do, in full sentences; empty if the level is {@link Level#OK}
 */
public record Finding(String process, String check, Level level, String result, String fix) {
  /** The severity of a finding. */
  public enum Level {
    OK("ok"),
    /** A run can start, but may be slow or fail later. */
    WARNING("warning"),
    /** A failure that a change of settings or configuration fixes. */
    WRONG_SETTING("failure"),
    /** A failure of the network, a file system or another host. */
    EXTERNAL_FAILURE("failure");

    private final String text;

    Level(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  public boolean isFailure() {
    return level == Level.WRONG_SETTING || level == Level.EXTERNAL_FAILURE;
  }

  /** Returns the finding as one line: process, check, result and fix. */
  String line() {
    // A result that is an exception's message may already end with a period.
    String separator = result.endsWith(".") ? " " : ". ";
    return "%s, %s: %s%s".formatted(process, check, result, fix.isEmpty() ? "" : separator + fix);
  }
}
