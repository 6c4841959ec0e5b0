package org.sparkvae.exception;

/** Training that gave a NaN or infinite loss or parameter (exit code 4). */
public final class DivergenceException extends SparkVaeException {
  private static final long serialVersionUID = 1L;

  public DivergenceException(String message) {
    super(message, null);
  }

  public DivergenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
