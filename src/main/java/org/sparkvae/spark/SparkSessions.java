package org.sparkvae.spark;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.TransientException;
import org.sparkvae.model.NativeBackend;
import scala.Option;

/** The Spark session that the stages share. */
public final class SparkSessions {
  /** Spark itself would ask three times for 20 s each. */
  private static final Duration ANSWER = Duration.ofSeconds(40);

  private static final String LOCAL = "local[*]";

  private SparkSessions() {}

  /**
   * Picks what nd4j computes on in a driver: with executors elsewhere the CPU. Has to come before
   * anything of nd4j's.
   */
  public static void chooseBackend(SparkConf configuration) {
    if (isLocal(configuration)) {
      NativeBackend.choose();
    } else {
      NativeBackend.chooseCpu();
    }
  }

  private static boolean isLocal(SparkConf configuration) {
    return configuration.get("spark.master", LOCAL).matches("local(\\[.*])?");
  }

  /**
   * Starts Spark, or takes the session there is. Without a master from spark-submit it is {@code
   * local[*]}.
   *
   * @throws TransientException if a standalone master does not answer
   */
  public static SparkSession start(String name) {
    ShutdownNoiseFilter.keepOffTheConsole();
    SparkConf configuration = new SparkConf();
    configuration.setIfMissing("spark.master", LOCAL);
    // From submit/sparkvae or a Worker; for a driver of a standalone cluster Spark looks elsewhere.
    Optional.ofNullable(System.getenv(SecurityManager.ENV_AUTH_SECRET()))
        .ifPresent(
            secret -> configuration.setIfMissing(SecurityManager.SPARK_AUTH_SECRET_CONF(), secret));
    configuration.setIfMissing("spark.plugins", SparkVaePlugin.class.getName());
    configuration.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (isLocal(configuration)) {
      configuration.setIfMissing("spark.ui.enabled", "false");
      // Nothing but this process has to reach it, and the host's name may not resolve.
      configuration.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      configuration.setIfMissing("spark.driver.host", "127.0.0.1");
    }
    // Deeplearning4j's workers cannot be run twice, and none may be missing at the start.
    configuration.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    // A worker trains wherever there is an executor without one, not where its images are.
    configuration.setIfMissing("spark.locality.wait", "0");
    // An executor whose host is cut off is missed within half a minute, and ends itself.
    configuration.setIfMissing("spark.executor.heartbeatInterval", "5s");
    configuration.setIfMissing("spark.executor.heartbeat.maxFailures", "6");
    configuration.setIfMissing("spark.storage.blockManagerHeartbeatTimeoutMs", "30s");
    configuration.setIfMissing("spark.network.timeoutInterval", "5s");
    // Else Spark's end waits two minutes for its answer to what is to be forgotten.
    configuration.setIfMissing("spark.cleaner.referenceTracking.blocking", "false");
    configuration.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "5s");
    configuration.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "3");
    // Parquet writes a checksum with every page, and looks at it only when told to.
    configuration.setIfMissing("spark.hadoop.parquet.page.verify-checksum.enabled", "true");
    configuration.setIfMissing("spark.speculation", "false");
    configuration.setIfMissing("spark.dynamicAllocation.enabled", "false");
    // Averaging broadcasts a model per round, and only the driver's collector lets go of it.
    configuration.setIfMissing("spark.cleaner.periodicGC.interval", "1min");
    return started(
        SparkSession.builder().appName(name).config(configuration),
        configuration.get("spark.master"));
  }

  private static SparkSession started(SparkSession.Builder builder, String master) {
    // Other cluster managers may keep an application waiting for good reasons.
    if (!master.startsWith("spark://")) {
      return builder.getOrCreate();
    }
    try {
      return CompletableFuture.supplyAsync(builder::getOrCreate, SparkSessions::inBackground)
          .orTimeout(ANSWER.toSeconds(), TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new TransientException(
            "%s: no answer within %d s; see whether the master is up and can be reached, and whether it asks for another spark.authenticate.secret.file, then run the same command again"
                .formatted(master, ANSWER.toSeconds()),
            e);
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static void inBackground(Runnable start) {
    Thread thread = new Thread(start, "spark-vae-session");
    thread.setDaemon(true);
    thread.start();
  }

  /** Stops Spark where it runs in this process, from whichever thread. */
  public static void stop() {
    Option<SparkSession> session = SparkSession.getDefaultSession();
    if (session.isDefined()) {
      session.get().stop();
    }
  }
}
