package org.sparkvae.failure;

/** Input data that is not what it has to be (exit code 3). */
public final class InputDataFailure extends Failure {
  private static final long serialVersionUID = 1L;

  public InputDataFailure(String message) {
    super(message, null);
  }

  public InputDataFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
