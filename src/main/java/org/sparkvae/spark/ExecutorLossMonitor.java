package org.sparkvae.spark;

import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;

/**
 * Ends all jobs once no executor gives a sign of life any more, and Spark where none can work.
 * Spark by itself waits for others to come, and takes minutes to see that the whole cluster is out
 * of reach.
 */
public final class ExecutorLossMonitor extends SparkListener implements AutoCloseable {
  /** Executors send a heartbeat every five seconds; Spark gives one up after thirty. */
  private static final Duration SILENCE = Duration.ofSeconds(35);

  /** So long between two looks, this process has been standing still, deaf to heartbeats. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private static final String DRIVER = "driver";

  private final SparkContext spark;
  private final Timer clock = new Timer("spark-vae-executor-watch", true);

  private volatile boolean haveCome;
  private volatile boolean lost;
  private volatile long lastSign;

  private ExecutorLossMonitor(SparkContext spark) {
    this.spark = spark;
  }

  /** Watches from now on; in local mode there is nothing to lose. */
  public static ExecutorLossMonitor on(SparkContext spark) {
    ExecutorLossMonitor watch = new ExecutorLossMonitor(spark);
    if (!spark.isLocal()) {
      spark.addSparkListener(watch);
      watch.clock.schedule(watch.new Look(), 0, 1000);
    }
    return watch;
  }

  /** Whether jobs were ended because no executor was left. */
  public boolean hasLostAll() {
    return lost;
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded added) {
    sign();
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate heartbeat) {
    // The driver's own come this way too.
    if (!heartbeat.execId().equals(DRIVER)) {
      sign();
    }
  }

  private void sign() {
    haveCome = true;
    lastSign = System.nanoTime();
  }

  @Override
  public void close() {
    clock.cancel();
    spark.removeSparkListener(this);
  }

  private final class Look extends TimerTask {
    private long last = System.nanoTime();

    @Override
    public void run() {
      long now = System.nanoTime();
      if (now - last > PAUSE.toNanos()) {
        lastSign = now;
      }
      last = now;
      lost |= haveCome && now - lastSign > SILENCE.toNanos();
      if (ExecutorStartupStatus.fault().isPresent()) {
        // Or else it would go on starting executors, each with its own copy of all jars.
        SparkSessions.stop();
      } else if (lost && !spark.isStopped()) {
        // Again and again: what goes wrong with a job may lead to another.
        spark.cancelAllJobs();
      }
    }
  }
}
