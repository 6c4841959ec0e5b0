package org.sparkvae.config;

import java.util.Locale;

/** The training algorithms. */
public enum TrainerKind {
  /** DL4J's parameter server on Spark; asynchronous. */
  SHARED,
  /** The gradients of each minibatch's parts, summed over the executors; synchronous. */
  ALLREDUCE,
  /** DL4J's parameter averaging on Spark; synchronous. */
  AVERAGING,
  /** Training in one JVM without Spark; the baseline. */
  LOCAL;

  /** The description of all trainers in the help. */
  static final String DESCRIPTION =
      "shared: DL4J's parameter server, asynchronous; allreduce: each minibatch split over the"
          + " executors, the same model on any number of them; averaging: parameter averaging,"
          + " synchronous; local: one JVM.";

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
