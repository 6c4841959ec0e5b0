package org.sparkvae.spark;

import org.apache.spark.sql.SparkSession;

/** What Spark's pages say of the jobs of this thread. */
public final class JobDescription {
  private JobDescription() {}

  /** Of all jobs that are started from now on. */
  public static void set(String words) {
    SparkSession.active().sparkContext().setJobDescription(words);
  }

  /** Of those that some work starts. */
  public static void during(String words, Runnable work) {
    String before = SparkSession.active().sparkContext().getLocalProperty("spark.job.description");
    set(words);
    try {
      work.run();
    } finally {
      set(before);
    }
  }
}
