package org.sparkvae.failure;

/** A metric above or below what was asked for (exit code 5). */
public final class ThresholdFailure extends Failure {
  private static final long serialVersionUID = 1L;

  public ThresholdFailure(String message) {
    super(message, null);
  }
}
