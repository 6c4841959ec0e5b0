package org.sparkvae.mnist;

import java.io.IOException;

/** A cause told within a failure's one line. */
final class ErrorText {
  private ErrorText() {}

  /** The first line alone: a remote file system's exceptions carry their stack in the message. */
  static String line(Throwable cause) {
    String type = cause.getClass().getSimpleName();
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    String first = message.lines().findFirst().orElse("");
    if (first.isEmpty()) {
      return type;
    }
    return cause.getClass().equals(IOException.class) ? first : type + ": " + first;
  }
}
