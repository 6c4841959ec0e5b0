package org.sparkvae.training.spark;

import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.spark.SparkErrors;

/**
 * Ends an epoch that cannot be finished rightly. Deeplearning4j's workers neither notice that one
 * of them is gone nor can take its place, and their driver waits for ever.
 */
final class EpochFailureDetector implements AutoCloseable {
  /** Before its first task an executor fetches the job's jars, some 360 MB. */
  private static final Duration TO_BEGIN = Duration.ofMinutes(5);

  private static final Duration SILENCE = Duration.ofSeconds(50);

  /** A minibatch may be large, so that silence is measured against the longest one so far. */
  private static final int LONGEST = 3;

  private static final long NEWS_MILLIS = 5_000;

  private final SparkContext spark;
  private final SparkListener losses = new Losses();
  private final AtomicReference<RuntimeException> lost = new AtomicReference<>();
  private volatile boolean watching;
  private long lastSign;
  private Duration longest = Duration.ZERO;
  private boolean hasBegun;

  /** Looks out for losses from now on, between epochs too. */
  EpochFailureDetector(SparkContext spark) {
    this.spark = spark;
    spark.addSparkListener(losses);
  }

  /** Tells that a worker is alive and at work. */
  synchronized void sign() {
    Duration silence = silence();
    if (hasBegun && silence.compareTo(longest) > 0) {
      longest = silence;
    }
    hasBegun = true;
    lastSign = System.nanoTime();
  }

  private synchronized Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastSign);
  }

  private synchronized void begin() {
    hasBegun = false;
    lastSign = System.nanoTime();
  }

  private synchronized boolean isSilentForTooLong() {
    Duration scaled = longest.multipliedBy(LONGEST);
    Duration limit = !hasBegun ? TO_BEGIN : scaled.compareTo(SILENCE) > 0 ? scaled : SILENCE;
    return silence().compareTo(limit) > 0;
  }

  /** Whether an executor was lost, or a worker's word. */
  boolean hasLost() {
    return lost.get() != null;
  }

  /**
   * Runs Spark jobs that need every executor, and the same ones as before.
   *
   * @throws TransientException if an executor was lost, a task failed for want of something
   *     outside, or no worker gave a sign for long
   * @throws DivergenceException if a loss was not finite
   * @throws IllegalStateException if a task failed otherwise
   */
  void watch(Runnable jobs) {
    Timer clock = new Timer("spark-vae-epoch-guard", true);
    begin();
    watching = true;
    try {
      check();
      clock.schedule(new EverySecond(), 1000, 1000);
      jobs.run();
    } catch (Exception e) {
      // Spark tells listeners a little later; what was lost is the cause of whatever went wrong.
      awaitNews();
      check();
      throw SparkErrors.explained(e);
    } finally {
      watching = false;
      clock.cancel();
    }
    check();
  }

  private void awaitNews() {
    try {
      spark.listenerBus().waitUntilEmpty(NEWS_MILLIS);
    } catch (TimeoutException late) {
      // The exception at hand has to do.
    }
  }

  /** Throws what was lost, if anything was. */
  void check() {
    if (lost.get() != null) {
      throw lost.get();
    }
  }

  private void end(RuntimeException why) {
    lost.compareAndSet(null, why);
    cancelIfLost();
  }

  private void cancelIfLost() {
    if (watching && lost.get() != null) {
      spark.cancelAllJobs();
    }
  }

  private static TransientException outside(String what) {
    return new TransientException(
        what + "; run the same command again to go on from the last checkpoint");
  }

  @Override
  public void close() {
    spark.removeSparkListener(losses);
  }

  private final class EverySecond extends TimerTask {
    @Override
    public void run() {
      if (isSilentForTooLong()) {
        end(outside("no worker has trained a minibatch for %d s".formatted(silence().toSeconds())));
      }
      // A job that has begun since the loss has not been cancelled with the others.
      cancelIfLost();
    }
  }

  private final class Losses extends SparkListener {
    /** Spark would give the newcomer work for which it has no replica. */
    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded added) {
      end(
          outside(
              "executor %s (%s) came after training had begun without it"
                  .formatted(added.executorId(), added.executorInfo().executorHost())));
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
      end(
          outside(
              "executor %s (%s) was lost: %s"
                  .formatted(
                      removed.executorId(),
                      spark.statusStore().executorSummary(removed.executorId()).hostPort(),
                      firstLine(removed.reason()))));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (watching
          && end.reason() instanceof TaskFailedReason failed
          && !(failed instanceof TaskKilled)) {
        end(
            failure(
                failed.toErrorString(),
                "a task on executor %s (%s) failed: %s"
                    .formatted(
                        end.taskInfo().executorId(),
                        end.taskInfo().host(),
                        firstLine(failed.toErrorString()))));
      }
    }
  }

  private static RuntimeException failure(String why, String what) {
    if (why.contains(DivergenceException.class.getName())) {
      return new DivergenceException(what);
    }
    return SparkErrors.isOutside(why) ? outside(what) : new IllegalStateException(what);
  }

  private static String firstLine(String text) {
    return String.valueOf(text).lines().findFirst().orElse("").strip();
  }
}
