package org.sparkvae.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;

/** The checks of the driver that cost next to nothing, before training begins. */
public final class PreflightChecks {
  private PreflightChecks() {}

  /**
   * Makes them.
   *
   * @param trainer the one without Spark needs neither network nor Aeron
   * @param warn hears of what does not stop a run
   * @throws ConfigurationException if training would fail and a setting is at fault
   * @throws TransientException if something outside is
   */
  public static void check(TrainerKind trainer, SparkSession spark, Consumer<String> warn) {
    for (Finding finding : findings(trainer, spark.sparkContext().getConf())) {
      switch (finding.level()) {
        case OK -> {}
        case WARNING -> warn.accept(finding.line());
        case WRONG_SETTING -> throw new ConfigurationException(finding.line());
        case OUTSIDE -> throw new TransientException(finding.line());
      }
    }
  }

  private static List<Finding> findings(TrainerKind trainer, SparkConf configuration) {
    List<Finding> findings = new ArrayList<>();
    findings.add(MemoryLimits.check(Doctor.DRIVER, MemoryLimits.ofThisProcess()));
    if (trainer == TrainerKind.SHARED) {
      findings.addAll(JvmFlags.check(Doctor.DRIVER, JvmFlags.ofThisProcess()));
      findings.addAll(SparkSettingsCheck.check(configuration));
      findings.add(SharedMemoryInfo.check(Doctor.DRIVER, SharedMemoryInfo.ofThisProcess()));
      findings.add(
          NetworkInfo.check(
              Doctor.DRIVER, NetworkInfo.ofDriver(configuration.get("spark.driver.host"))));
    }
    return findings;
  }
}
