package org.sparkvae.failure;

/** An expected failure whose message is fit for the console as it stands. */
public abstract class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Failure(String message, Throwable cause) {
    super(message, cause);
  }
}
