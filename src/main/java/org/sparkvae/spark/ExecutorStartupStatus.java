package org.sparkvae.spark;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What executors say of themselves as they start: that they can work, or why they end. Spark would
 * start others in the place of those that end for ever, each with its own copy of all jars. If one
 * could work before, it is no matter of settings, and Spark's own ways with lost executors hold.
 */
public final class ExecutorStartupStatus {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorStartupStatus.class);

  private static volatile boolean someFit;
  private static volatile String unfit;

  private ExecutorStartupStatus() {}

  /**
   * An executor's word.
   *
   * @param unfit why it ends, or null
   */
  record Word(String unfit) implements Serializable {}

  /** Forgets the executors of an earlier session. */
  static void begin() {
    someFit = false;
    unfit = null;
  }

  /**
   * Hears an executor's word, on the driver; all jobs end of one that is unfit before any is fit.
   */
  static void hear(Word word, SparkContext spark) {
    if (word.unfit == null) {
      someFit = true;
      return;
    }
    LOG.error("{}", word.unfit);
    if (!someFit) {
      unfit = word.unfit;
      spark.cancelAllJobs();
    }
  }

  /** Why the jobs were ended. What executors say that start after that does not bring them back. */
  public static Optional<String> fault() {
    return Optional.ofNullable(unfit);
  }
}
