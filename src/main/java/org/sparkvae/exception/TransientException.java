package org.sparkvae.exception;

/**
 * A temporary failure outside the program: an executor, a node, the network, or the file system
 * (exit code 75). Rerun the same command to resume from the last valid checkpoint.
 */
public final class TransientException extends SparkVaeException {
  public TransientException(String message) {
    super(message, null);
  }

  public TransientException(String message, Throwable cause) {
    super(message, cause);
  }
}
