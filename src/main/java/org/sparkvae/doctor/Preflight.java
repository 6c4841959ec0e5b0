package org.sparkvae.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.failure.ConfigurationFailure;
import org.sparkvae.failure.OutsideFailure;

/** The checks of the driver that cost next to nothing, before training begins. */
public final class Preflight {
  private Preflight() {}

  /**
   * Makes them.
   *
   * @param trainer the one without Spark needs neither network nor Aeron
   * @param warn hears of what does not stop a run
   * @throws ConfigurationFailure if training would fail and a setting is at fault
   * @throws OutsideFailure if something outside is
   */
  public static void check(TrainerKind trainer, SparkSession spark, Consumer<String> warn) {
    for (Finding finding : findings(trainer, spark.sparkContext().getConf())) {
      switch (finding.level()) {
        case OK -> {}
        case WARNING -> warn.accept(finding.line());
        case WRONG_SETTING -> throw new ConfigurationFailure(finding.line());
        case OUTSIDE -> throw new OutsideFailure(finding.line());
      }
    }
  }

  private static List<Finding> findings(TrainerKind trainer, SparkConf configuration) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Memory.check(Doctor.DRIVER, Memory.ofThisProcess()));
    if (trainer == TrainerKind.SHARED) {
      findings.addAll(JvmFlags.check(Doctor.DRIVER, JvmFlags.ofThisProcess()));
      findings.addAll(SparkSettings.check(configuration));
      findings.add(SharedMemory.check(Doctor.DRIVER, SharedMemory.ofThisProcess()));
      findings.add(
          Network.check(Doctor.DRIVER, Network.ofDriver(configuration.get("spark.driver.host"))));
    }
    return findings;
  }
}
