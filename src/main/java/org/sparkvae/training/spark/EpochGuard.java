package org.sparkvae.training.spark;

import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.sparkvae.failure.OutsideFailure;
import org.sparkvae.spark.SparkFaults;

/**
 * Ends an epoch that cannot be finished rightly. Deeplearning4j's workers neither notice that one
 * of them is gone nor can take its place, and their driver waits for ever.
 */
final class EpochGuard {
  private static final long SILENCE_SECONDS = 50;

  private final SparkContext spark;
  private final AtomicReference<String> lost = new AtomicReference<>();
  private volatile long lastSign;

  EpochGuard(SparkContext spark) {
    this.spark = spark;
  }

  /** Whether an executor, or word from it, was lost in an epoch. */
  boolean hasLost() {
    return lost.get() != null;
  }

  /** Tells that a worker is alive and at work. */
  void sign() {
    lastSign = System.nanoTime();
  }

  /**
   * Runs an epoch's Spark jobs.
   *
   * @throws OutsideFailure if an executor was lost meanwhile, a task failed for want of something
   *     outside, or no worker gave a sign for long
   */
  void watch(Runnable jobs) {
    SparkListener listener = new Losses();
    Timer clock = new Timer("spark-vae-epoch-guard", true);
    spark.addSparkListener(listener);
    sign();
    try {
      clock.schedule(new SilenceCheck(), 1000, 1000);
      jobs.run();
    } catch (RuntimeException e) {
      if (lost.get() == null) {
        throw e;
      }
    } finally {
      clock.cancel();
      spark.removeSparkListener(listener);
    }
    if (lost.get() != null) {
      throw new OutsideFailure(
          lost.get() + "; run the same command again to go on from the last checkpoint");
    }
  }

  private void end(String what) {
    if (lost.compareAndSet(null, what)) {
      spark.cancelAllJobs();
    }
  }

  private final class SilenceCheck extends TimerTask {
    @Override
    public void run() {
      if (System.nanoTime() - lastSign > TimeUnit.SECONDS.toNanos(SILENCE_SECONDS)) {
        end("no worker has trained a minibatch for %d s".formatted(SILENCE_SECONDS));
      }
    }
  }

  private final class Losses extends SparkListener {
    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
      end("executor %s was lost (%s)".formatted(removed.executorId(), firstLine(removed.reason())));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (end.reason() instanceof TaskFailedReason failed && !isCancellation(failed)) {
        String why = failed.toErrorString();
        if (SparkFaults.isOutside(why)) {
          end(
              "a task on executor %s failed (%s)"
                  .formatted(end.taskInfo().executorId(), firstLine(why)));
        }
      }
    }

    private boolean isCancellation(TaskFailedReason failed) {
      return !failed.countTowardsTaskFailures();
    }
  }

  private static String firstLine(String text) {
    return String.valueOf(text).lines().findFirst().orElse("").strip();
  }
}
