package org.sparkvae.spark;

import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;

/**
 * A monitor that cancels all jobs if no executor sends heartbeats, and stops Spark if no executor
 * can start. Spark itself waits for new executors, and takes minutes to notice that the whole
 * cluster is unreachable. If the jobs do not end, the monitor interrupts the thread that waits for
 * them.
 */
public final class ExecutorLossMonitor extends SparkListener implements AutoCloseable {
  /**
   * The time without any heartbeat after which all executors count as lost. Each executor sends one
   * every 5 s, and Spark removes an executor after 30 s without any.
   */
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(35);

  private final SparkContext spark;
  private final Thread waiting = Thread.currentThread();
  private final Timer timer = new Timer("spark-vae-executor-loss-monitor", true);

  private volatile boolean hasSeenExecutor;
  private volatile boolean hasLostAll;
  private volatile long lastHeartbeat;
  private boolean hasInterrupted;
  private boolean isClosed;

  private ExecutorLossMonitor(SparkContext spark) {
    this.spark = spark;
  }

  /** Starts to monitor the executors for the calling thread. Does nothing in local mode. */
  public static ExecutorLossMonitor start(SparkContext spark) {
    ExecutorLossMonitor monitor = new ExecutorLossMonitor(spark);
    if (!spark.isLocal()) {
      spark.addSparkListener(monitor);
      monitor.timer.schedule(monitor.new Check(), 0, 1000);
    }
    return monitor;
  }

  /** Returns whether jobs were canceled because no executor was left. */
  public boolean hasLostAllExecutors() {
    return hasLostAll;
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded added) {
    recordHeartbeat();
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate heartbeat) {
    // The driver's own metrics arrive here too.
    if (!heartbeat.execId().equals(ExecutorGroup.DRIVER)) {
      recordHeartbeat();
    }
  }

  private void recordHeartbeat() {
    hasSeenExecutor = true;
    lastHeartbeat = ProcessClock.nanoTime();
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    timer.cancel();
    spark.removeSparkListener(this);
    if (hasInterrupted) {
      // The waiting thread, which calls this method, goes on to release the lock.
      Thread.interrupted();
    }
  }

  private synchronized void interruptWaitingThread() {
    if (!isClosed) {
      hasInterrupted = true;
      waiting.interrupt();
    }
  }

  private final class Check extends TimerTask {
    @Override
    public void run() {
      Duration silence = Duration.ofNanos(ProcessClock.nanoTime() - lastHeartbeat);
      hasLostAll |= hasSeenExecutor && silence.compareTo(HEARTBEAT_TIMEOUT) > 0;
      if (ExecutorStartupStatus.failure().isPresent()) {
        // Otherwise Spark would keep starting executors, each with its own copy of all jars.
        SparkSessions.stop();
      } else if (hasLostAll && !spark.isStopped()) {
        // Cancel at every check, because a failed job can start another one.
        SparkSessions.cancelJobs(spark);
        if (silence.compareTo(HEARTBEAT_TIMEOUT.plus(SparkSessions.CANCELLATION_TIMEOUT)) > 0) {
          interruptWaitingThread();
        }
      }
    }
  }
}
