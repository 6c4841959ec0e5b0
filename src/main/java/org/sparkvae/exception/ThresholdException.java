package org.sparkvae.exception;

/** A metric above its upper threshold or below its lower one (exit code 5). */
public final class ThresholdException extends SparkVaeException {
  public ThresholdException(String message) {
    super(message, null);
  }
}
