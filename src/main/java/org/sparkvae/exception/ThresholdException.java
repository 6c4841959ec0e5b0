package org.sparkvae.exception;

/** A metric above or below what was asked for (exit code 5). */
public final class ThresholdException extends SparkVaeException {
  private static final long serialVersionUID = 1L;

  public ThresholdException(String message) {
    super(message, null);
  }
}
