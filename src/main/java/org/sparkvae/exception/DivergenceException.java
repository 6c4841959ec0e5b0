package org.sparkvae.exception;

/** A NaN or infinite loss or parameter during training (exit code 4). */
public final class DivergenceException extends SparkVaeException {
  /** The advice at the end of messages about a divergence. */
  public static final String ADVICE =
      "The last good checkpoint is kept. Start a new run with a lower --learning-rate.";

  public DivergenceException(String message) {
    super(message, null);
  }

  public DivergenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
