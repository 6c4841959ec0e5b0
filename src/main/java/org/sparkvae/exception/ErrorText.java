package org.sparkvae.exception;

import java.io.IOException;

/** One-line descriptions of exceptions, for use inside other messages. */
public final class ErrorText {
  private ErrorText() {}

  /**
   * Returns the first line of the exception's message, because remote file systems put a stack
   * trace into it.
   */
  public static String firstLine(Throwable exception) {
    return firstLine(exception.getMessage());
  }

  /** Returns the first line of a text. For null it is the word {@code null}. */
  public static String firstLine(String text) {
    return String.valueOf(text).lines().findFirst().orElse("").strip();
  }

  /**
   * Returns the exception's type and the first line of its message, or only one of them: only the
   * line for a plain {@code IOException}, and only the type if there is no message.
   */
  public static String typeAndFirstLine(Throwable exception) {
    String type = exception.getClass().getSimpleName();
    String line = exception.getMessage() == null ? "" : firstLine(exception);
    if (line.isEmpty()) {
      return type;
    }
    return exception.getClass().equals(IOException.class) ? line : type + ": " + line;
  }
}
