package org.sparkvae.doctor;

import static org.sparkvae.spark.ExecutorGroup.DRIVER;

import java.util.List;
import org.apache.spark.SparkConf;

/** Checks of Spark's settings that training workers depend on. */
final class SparkSettingsCheck {
  private SparkSettingsCheck() {}

  static List<Finding> check(SparkConf configuration) {
    return List.of(
        checkDisabled(configuration, "spark.speculation"),
        checkDisabled(configuration, "spark.dynamicAllocation.enabled"),
        checkRegisteredRatio(configuration));
  }

  private static Finding checkDisabled(SparkConf configuration, String key) {
    Check check = new Check(DRIVER, key);
    return configuration.getBoolean(key, false)
        ? check.wrongSetting(
            "true",
            "Set it to false. A worker cannot run twice, and cannot join or leave during training.")
        : check.ok("false");
  }

  private static Finding checkRegisteredRatio(SparkConf configuration) {
    String key = "spark.scheduler.minRegisteredResourcesRatio";
    Check check = new Check(DRIVER, key);
    // By default, Spark does not wait for executors on a standalone cluster.
    double ratio = configuration.getDouble(key, 0);
    return ratio >= 1
        ? check.ok("1.0")
        : check.warning(
            String.valueOf(ratio),
            "Set it to 1.0. Otherwise training may start before all executors have registered.");
  }
}
