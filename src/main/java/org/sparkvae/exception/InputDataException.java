package org.sparkvae.exception;

/** Missing, damaged, or inconsistent input data (exit code 3). */
public final class InputDataException extends SparkVaeException {
  private static final long serialVersionUID = 1L;

  public InputDataException(String message) {
    super(message, null);
  }

  public InputDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
