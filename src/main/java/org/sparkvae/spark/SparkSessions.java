package org.sparkvae.spark;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.lang3.StringUtils;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.TransientException;
import org.sparkvae.model.NativeBackend;
import scala.Option;

/** The Spark session that all stages share. */
public final class SparkSessions {
  /** The timeout for a standalone master. Spark itself would try three times for 20 s each. */
  private static final Duration MASTER_TIMEOUT = Duration.ofSeconds(40);

  /** The time after which a thread should stop waiting for a job that was canceled. */
  public static final Duration CANCELLATION_TIMEOUT = Duration.ofSeconds(10);

  private static final String LOCAL = "local[*]";

  private SparkSessions() {}

  /**
   * Selects nd4j's native library in the driver. With remote executors the driver uses the CPU.
   * This method must be called before nd4j is loaded.
   */
  public static void selectBackend(SparkConf configuration) {
    if (isLocal(configuration)) {
      NativeBackend.select();
    } else {
      NativeBackend.selectCpu();
    }
  }

  private static boolean isLocal(SparkConf configuration) {
    return configuration.get("spark.master", LOCAL).matches("local(\\[.*])?");
  }

  /**
   * Starts a Spark session or returns the existing one. The master defaults to {@code local[*]} if
   * spark-submit sets none.
   *
   * @param name the name of the application
   * @throws ConfigurationException if one of Spark's settings is invalid
   * @throws TransientException if a standalone master does not answer
   */
  public static SparkSession start(String name) {
    ShutdownNoiseFilter.install();
    SparkConf configuration = new SparkConf();
    configuration.setIfMissing("spark.master", LOCAL);
    // The launcher or a Worker sets this variable. In cluster mode a standalone driver does not
    // read it by itself.
    Optional.ofNullable(System.getenv(SecurityManager.ENV_AUTH_SECRET()))
        .ifPresent(
            secret -> configuration.setIfMissing(SecurityManager.SPARK_AUTH_SECRET_CONF(), secret));
    configuration.setIfMissing("spark.plugins", SparkVaePlugin.class.getName());
    configuration.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (isLocal(configuration)) {
      configuration.setIfMissing("spark.ui.enabled", "false");
      // Only this process connects to the driver, and the host name may not resolve.
      configuration.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      configuration.setIfMissing("spark.driver.host", "127.0.0.1");
      // A suspended process must not lose itself, however long it was suspended.
      configuration.setIfMissing("spark.network.timeout", "7d");
      configuration.setIfMissing("spark.executor.heartbeat.maxFailures", "1000000");
      // If memory runs out in a task, the task fails. Otherwise Spark would end this process.
      configuration.setIfMissing("spark.executor.killOnFatalError.depth", "0");
    } else {
      // Detect an unreachable executor within 30 s. The executor then also stops by itself.
      configuration.setIfMissing("spark.executor.heartbeatInterval", "5s");
      configuration.setIfMissing("spark.executor.heartbeat.maxFailures", "6");
      configuration.setIfMissing("spark.storage.blockManagerHeartbeatTimeoutMs", "30s");
      configuration.setIfMissing("spark.network.timeoutInterval", "5s");
    }
    // All of Deeplearning4j's workers must start together, and none of them can be retried.
    configuration.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    // A worker trains on any executor that has none yet. Its images need not be local.
    configuration.setIfMissing("spark.locality.wait", "0");
    // Otherwise Spark waits up to two minutes at shutdown for a lost executor to free its blocks.
    configuration.setIfMissing("spark.cleaner.referenceTracking.blocking", "false");
    configuration.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "5s");
    configuration.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "3");
    // Parquet writes a checksum per page, but verifies it only with this setting.
    configuration.setIfMissing("spark.hadoop.parquet.page.verify-checksum.enabled", "true");
    configuration.setIfMissing("spark.speculation", "false");
    configuration.setIfMissing("spark.dynamicAllocation.enabled", "false");
    // Averaging broadcasts a model per round, which only the driver's garbage collection frees.
    configuration.setIfMissing("spark.cleaner.periodicGC.interval", "1min");
    try {
      return create(
          SparkSession.builder().appName(name).config(configuration),
          configuration.get("spark.master"));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "Spark does not start: %s. Correct that setting (--conf, conf/spark-defaults-*.conf or a SPARK_ variable)."
              .formatted(StringUtils.removeEnd(ErrorText.firstLine(e), ".")),
          e);
    }
  }

  private static SparkSession create(SparkSession.Builder builder, String master) {
    // Other cluster managers may queue an application for a long time.
    if (!master.startsWith("spark://")) {
      return builder.getOrCreate();
    }
    try {
      return CompletableFuture.supplyAsync(builder::getOrCreate, SparkSessions::runInBackground)
          .orTimeout(MASTER_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new TransientException(
            "%s: no answer within %d s. Check that the master runs, that it can be reached, and that spark.authenticate.secret.file names its secret. Rerun the same command to resume."
                .formatted(master, MASTER_TIMEOUT.toSeconds()),
            e);
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Starts an action on a daemon thread, which inherits the local properties of Spark. */
  public static void runInBackground(Runnable action) {
    Thread thread = new Thread(action, "spark-vae-jobs");
    thread.setDaemon(true);
    thread.start();
  }

  /** Sends a value to each executor once. */
  public static <T> Broadcast<T> broadcast(SparkSession spark, T value) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(value);
  }

  /**
   * Cancels all jobs that Spark has reported to its listeners. {@link SparkContext#cancelAllJobs}
   * would make a job wait forever if its only stage had failed and was about to be retried.
   */
  public static void cancelJobs(SparkContext spark) {
    for (int job : spark.statusTracker().getActiveJobIds()) {
      spark.cancelJob(job);
    }
  }

  /** Stops Spark if it runs in this process. Any thread may call this method. */
  public static void stop() {
    Option<SparkSession> session = SparkSession.getDefaultSession();
    if (session.isDefined()) {
      session.get().stop();
    }
  }
}
