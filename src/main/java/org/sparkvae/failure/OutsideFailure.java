package org.sparkvae.failure;

/**
 * Something outside the program failed: an executor, a node, the network, the file system (exit
 * code 75). The same command, run again, goes on from the last good checkpoint.
 */
public final class OutsideFailure extends Failure {
  private static final long serialVersionUID = 1L;

  public OutsideFailure(String message) {
    super(message, null);
  }

  public OutsideFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
