package org.sparkvae.spark;

import org.apache.spark.sql.SparkSession;

/** The description that Spark's web UI shows for the jobs of the current thread. */
public final class JobDescription {
  private JobDescription() {}

  /** Sets the description of all jobs that start from now on. */
  public static void set(String description) {
    SparkSession.active().sparkContext().setJobDescription(description);
  }

  /** Runs an action with a description for its jobs, and then restores the previous description. */
  public static void runWith(String description, Runnable action) {
    String previous =
        SparkSession.active().sparkContext().getLocalProperty("spark.job.description");
    set(description);
    try {
      action.run();
    } finally {
      set(previous);
    }
  }
}
