package org.sparkvae.doctor;

/**
 * What one check says of one process.
 *
 * @param where the process, such as {@code executor 0 (10.0.0.7)}
 * @param check what was looked at
 * @param what was found
 * @param cure what to do about it; empty if nothing has to be done
 */
public record Finding(String where, String check, Level level, String what, String cure) {
  /** How bad it is, and for a failure on which side its cure lies. */
  public enum Level {
    OK("ok"),
    WARNING("warning"),
    WRONG_SETTING("failure"),
    OUTSIDE("failure");

    private final String word;

    Level(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  static Finding ok(String where, String check, String what) {
    return new Finding(where, check, Level.OK, what, "");
  }

  static Finding warning(String where, String check, String what, String cure) {
    return new Finding(where, check, Level.WARNING, what, cure);
  }

  /** A failure that another setting or configuration cures. */
  static Finding wrongSetting(String where, String check, String what, String cure) {
    return new Finding(where, check, Level.WRONG_SETTING, what, cure);
  }

  /** A failure of the network, a file system or another machine. */
  static Finding outside(String where, String check, String what, String cure) {
    return new Finding(where, check, Level.OUTSIDE, what, cure);
  }

  public boolean isFailure() {
    return level == Level.WRONG_SETTING || level == Level.OUTSIDE;
  }

  /** All of it in one line. */
  String line() {
    return "%s, %s: %s%s".formatted(where, check, what, cure.isEmpty() ? "" : "; " + cure);
  }
}
