package org.sparkvae.doctor;

import java.util.List;
import org.apache.spark.SparkConf;

/** Settings of Spark under which Deeplearning4j's workers come to harm. */
final class SparkSettingsCheck {
  private static final String DRIVER = "driver";

  private SparkSettingsCheck() {}

  static List<Finding> check(SparkConf configuration) {
    return List.of(
        off(configuration, "spark.speculation"),
        off(configuration, "spark.dynamicAllocation.enabled"),
        registered(configuration));
  }

  private static Finding off(SparkConf configuration, String key) {
    return configuration.getBoolean(key, false)
        ? Finding.wrongSetting(
            DRIVER,
            key,
            "true",
            "set it to false: a worker cannot be run twice, nor join or leave in training")
        : Finding.ok(DRIVER, key, "false");
  }

  private static Finding registered(SparkConf configuration) {
    String key = "spark.scheduler.minRegisteredResourcesRatio";
    // Spark's own default on a standalone cluster is not to wait.
    double ratio = configuration.getDouble(key, 0);
    return ratio >= 1
        ? Finding.ok(DRIVER, key, "1.0")
        : Finding.warning(
            DRIVER,
            key,
            String.valueOf(ratio),
            "set it to 1.0, or training may begin before all executors are there");
  }
}
