package org.sparkvae.doctor;

import java.util.List;
import org.apache.spark.SparkConf;

/** Checks of Spark's settings that training workers depend on. */
final class SparkSettingsCheck {
  private static final String DRIVER = "driver";

  private SparkSettingsCheck() {}

  static List<Finding> check(SparkConf configuration) {
    return List.of(
        checkDisabled(configuration, "spark.speculation"),
        checkDisabled(configuration, "spark.dynamicAllocation.enabled"),
        checkRegisteredRatio(configuration));
  }

  private static Finding checkDisabled(SparkConf configuration, String key) {
    return configuration.getBoolean(key, false)
        ? Finding.wrongSetting(
            DRIVER,
            key,
            "true",
            "Set it to false. A worker cannot run twice, and cannot join or leave during training.")
        : Finding.ok(DRIVER, key, "false");
  }

  private static Finding checkRegisteredRatio(SparkConf configuration) {
    String key = "spark.scheduler.minRegisteredResourcesRatio";
    // By default, Spark does not wait for executors on a standalone cluster.
    double ratio = configuration.getDouble(key, 0);
    return ratio >= 1
        ? Finding.ok(DRIVER, key, "1.0")
        : Finding.warning(
            DRIVER,
            key,
            String.valueOf(ratio),
            "Set it to 1.0. Otherwise training may start before all executors have registered.");
  }
}
