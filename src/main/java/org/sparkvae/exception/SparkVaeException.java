package org.sparkvae.exception;

/** An expected failure. The console shows its message unchanged. */
public abstract class SparkVaeException extends RuntimeException {
  SparkVaeException(String message, Throwable cause) {
    super(message, cause);
  }
}
