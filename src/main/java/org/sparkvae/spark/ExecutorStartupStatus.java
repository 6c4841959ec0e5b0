package org.sparkvae.spark;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.exception.ConfigurationException;

/**
 * The outcome of the executors' startup and of their self-tests, as they report it to the driver.
 *
 * <p>Spark would replace executors that fail at startup forever, each with its own copy of all
 * jars. A failure before any executor has started therefore ends the application. Settings do not
 * cause a later failure, so Spark handles it as a lost executor.
 */
public final class ExecutorStartupStatus {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorStartupStatus.class);

  private static volatile boolean hasStartedExecutor;
  private static volatile boolean hasWrongResults;
  private static volatile String failure;

  private ExecutorStartupStatus() {}

  /**
   * A message from an executor about its startup.
   *
   * @param failure the reason why the executor exits, or null if it started
   */
  record StartupMessage(String failure) implements Serializable {}

  /**
   * A message from an executor that computes wrong results.
   *
   * @param failure what it computed
   */
  record WrongResultsMessage(String failure) implements Serializable {}

  /** Clears the status of an earlier session. */
  static void reset() {
    hasStartedExecutor = false;
    hasWrongResults = false;
    failure = null;
  }

  /**
   * Handles a startup message on the driver. Cancels all jobs if an executor fails before any
   * executor has started.
   */
  static void handle(StartupMessage message, SparkContext spark) {
    if (message.failure == null) {
      hasStartedExecutor = true;
      return;
    }
    LOG.error("{}", message.failure);
    if (!hasStartedExecutor) {
      failure = message.failure;
      spark.cancelAllJobs();
    }
  }

  /**
   * Handles a failed self-test on the driver. Cancels all jobs, because Spark would otherwise retry
   * the task on another executor and the failure would not be noticed.
   */
  static void handle(WrongResultsMessage message, SparkContext spark) {
    LOG.error("{}", message.failure);
    failure = message.failure;
    hasWrongResults = true;
    for (int job : spark.statusTracker().getActiveJobIds()) {
      spark.cancelJob(job, message.failure);
    }
  }

  /**
   * Requires that no executor computed wrong results. A job can succeed in spite of them, if Spark
   * retried the task before the driver canceled the job.
   *
   * @throws ConfigurationException if one did
   */
  public static void requireRightResults() {
    if (hasWrongResults) {
      throw new ConfigurationException(failure);
    }
  }

  /**
   * Returns the failure for which the jobs were canceled. It stays set even if an executor starts
   * later.
   */
  public static Optional<String> failure() {
    return Optional.ofNullable(failure);
  }
}
