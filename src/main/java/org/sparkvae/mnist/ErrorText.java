package org.sparkvae.mnist;

import java.io.IOException;

/** One-line descriptions of exceptions, for use inside other messages. */
final class ErrorText {
  private ErrorText() {}

  /**
   * Returns the first line of the exception's message, because remote file systems put a stack
   * trace into it. The exception's type precedes the line unless it is a plain {@code IOException}.
   */
  static String firstLine(Throwable exception) {
    String type = exception.getClass().getSimpleName();
    String message = exception.getMessage() == null ? "" : exception.getMessage();
    String first = message.lines().findFirst().orElse("");
    if (first.isEmpty()) {
      return type;
    }
    return exception.getClass().equals(IOException.class) ? first : type + ": " + first;
  }
}
