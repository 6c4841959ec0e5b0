package org.sparkvae.config;

import java.util.Locale;

/** The training algorithms. */
public enum TrainerKind {
  /** DL4J's parameter server on Spark; asynchronous. */
  SHARED,
  /** DL4J's parameter averaging on Spark; synchronous. */
  AVERAGING,
  /** Training in one JVM without Spark; the baseline. */
  LOCAL;

  /** The description of all trainers in the help. */
  static final String DESCRIPTION =
      "shared: DL4J's parameter server, asynchronous; averaging: parameter averaging,"
          + " synchronous; local: one JVM.";

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
