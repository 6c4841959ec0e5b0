package org.sparkvae.failure;

/** Training that gave a NaN or infinite loss or parameter (exit code 4). */
public final class DivergenceFailure extends Failure {
  private static final long serialVersionUID = 1L;

  public DivergenceFailure(String message) {
    super(message, null);
  }

  public DivergenceFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
