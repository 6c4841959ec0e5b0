package org.sparkvae.exception;

/** Missing, damaged, or inconsistent input data (exit code 3). */
public final class InputDataException extends SparkVaeException {
  public InputDataException(String message) {
    super(message, null);
  }

  public InputDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
