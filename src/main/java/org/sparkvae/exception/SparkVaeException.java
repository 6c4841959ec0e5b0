package org.sparkvae.exception;

/** An expected failure. The console shows its message unchanged. */
public abstract class SparkVaeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SparkVaeException(String message, Throwable cause) {
    super(message, cause);
  }
}
