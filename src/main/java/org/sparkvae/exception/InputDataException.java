package org.sparkvae.exception;

/** Input data that is not what it has to be (exit code 3). */
public final class InputDataException extends SparkVaeException {
  private static final long serialVersionUID = 1L;

  public InputDataException(String message) {
    super(message, null);
  }

  public InputDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
