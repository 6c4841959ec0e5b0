package org.sparkvae.run;

import org.sparkvae.exception.ConfigurationException;

/** The rules for the ID of a run, which is also the name of its directory. */
final class RunId {
  /**
   * The maximum length of an ID. File systems allow names of 255 bytes, and {@code compare-ID.html}
   * is the longest name that contains an ID.
   */
  private static final int MAX_ID_LENGTH = 255 - "compare-.html".length();

  private RunId() {}

  /**
   * Checks an ID.
   *
   * @throws ConfigurationException if it is invalid
   */
  static void check(String id) {
    if (!id.matches("[A-Za-z0-9][A-Za-z0-9._+-]*")) {
      throw new ConfigurationException(
          "--run-id: '%s' is not a valid run ID. Use letters, digits and . _ + -, and begin with a letter or a digit."
              .formatted(id));
    }
    if (id.length() > MAX_ID_LENGTH) {
      throw new ConfigurationException(
          "--run-id: '%s' has %d characters. Use at most %d."
              .formatted(id, id.length(), MAX_ID_LENGTH));
    }
    if (id.equals(PublishStage.CURRENT)) {
      throw new ConfigurationException(
          "--run-id: '%s' is the name of the link to the published run. Use the run's own ID."
              .formatted(id));
    }
  }
}
