package org.sparkvae.exception;

/** An expected failure whose message is fit for the console as it stands. */
public abstract class SparkVaeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SparkVaeException(String message, Throwable cause) {
    super(message, cause);
  }
}
