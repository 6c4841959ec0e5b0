package org.sparkvae.exception;

/**
 * Something outside the program failed: an executor, a node, the network, the file system (exit
 * code 75). The same command, run again, goes on from the last good checkpoint.
 */
public final class TransientException extends SparkVaeException {
  private static final long serialVersionUID = 1L;

  public TransientException(String message) {
    super(message, null);
  }

  public TransientException(String message, Throwable cause) {
    super(message, cause);
  }
}
