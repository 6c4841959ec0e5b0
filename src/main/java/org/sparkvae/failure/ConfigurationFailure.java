package org.sparkvae.failure;

/** A setting or a command line that cannot be right (exit code 2). */
public final class ConfigurationFailure extends Failure {
  private static final long serialVersionUID = 1L;

  public ConfigurationFailure(String message) {
    super(message, null);
  }

  public ConfigurationFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
