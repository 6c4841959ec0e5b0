package org.sparkvae.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.model.NativeBackend;
import scala.Option;

/** The Spark session that the stages share. */
public final class Session {
  private Session() {}

  /**
   * Starts Spark, or takes the session there is. Without a master from spark-submit it is {@code
   * local[*]}.
   */
  public static SparkSession start(String name) {
    NativeBackend.choose();
    SparkConf configuration = new SparkConf();
    configuration.setIfMissing("spark.master", "local[*]");
    configuration.setIfMissing("spark.plugins", DriverMessages.class.getName());
    configuration.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (configuration.get("spark.master").startsWith("local")) {
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
    configuration.setIfMissing("spark.speculation", "false");
    configuration.setIfMissing("spark.dynamicAllocation.enabled", "false");
    // Averaging broadcasts a model per round, and only the driver's collector lets go of it.
    configuration.setIfMissing("spark.cleaner.periodicGC.interval", "1min");
    return SparkSession.builder().appName(name).config(configuration).getOrCreate();
  }

  /** Stops Spark where it runs in this process, from whichever thread. */
  public static void stop() {
    Option<SparkSession> session = SparkSession.getDefaultSession();
    if (session.isDefined()) {
      session.get().stop();
    }
  }
}
