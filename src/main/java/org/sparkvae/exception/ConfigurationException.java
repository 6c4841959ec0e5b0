package org.sparkvae.exception;

/** An invalid setting or command line (exit code 2). */
public final class ConfigurationException extends SparkVaeException {
  public ConfigurationException(String message) {
    super(message, null);
  }

  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
