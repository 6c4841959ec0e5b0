package org.sparkvae.exception;

/** A NaN or infinite loss or parameter during training (exit code 4). */
public final class DivergenceException extends SparkVaeException {
  private static final long serialVersionUID = 1L;

  public DivergenceException(String message) {
    super(message, null);
  }

  public DivergenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
