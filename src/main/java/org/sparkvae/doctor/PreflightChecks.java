package org.sparkvae.doctor;

import static org.sparkvae.spark.ExecutorGroup.DRIVER;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;

/** The inexpensive checks of the driver that run before training starts. */
public final class PreflightChecks {
  private PreflightChecks() {}

  /**
   * Checks what every command needs that starts Spark.
   *
   * @throws ConfigurationException if Spark would fail because of a setting
   * @throws TransientException if Spark would fail for an external reason
   */
  public static void checkProcess() {
    report(ofProcess(), warning -> {});
  }

  static List<Finding> ofProcess() {
    List<Finding> findings = new ArrayList<>();
    findings.add(ProcessLimits.check(DRIVER, ProcessLimits.ofThisProcess()));
    findings.addAll(TemporaryDirectory.check(DRIVER, TemporaryDirectory.ofThisProcess()));
    return findings;
  }

  /**
   * Runs the checks that apply to a trainer. Only {@code SHARED} needs Aeron.
   *
   * @param executors the number of executors that have registered
   * @param warn receives each warning as one line
   * @throws ConfigurationException if training would fail because of a setting
   * @throws TransientException if training would fail for an external reason
   */
  public static void check(
      TrainerKind trainer, SparkSession spark, int executors, Consumer<String> warn) {
    // In local mode the parameter server has no peers.
    int peers = spark.sparkContext().isLocal() ? 0 : executors;
    report(findings(trainer, spark.sparkContext().getConf(), peers), warn);
  }

  private static void report(List<Finding> findings, Consumer<String> warn) {
    for (Finding finding : findings) {
      switch (finding.level()) {
        case OK -> {}
        case WARNING -> warn.accept(finding.line());
        case WRONG_SETTING -> throw new ConfigurationException(finding.line());
        case EXTERNAL_FAILURE -> throw new TransientException(finding.line());
      }
    }
  }

  private static List<Finding> findings(TrainerKind trainer, SparkConf configuration, int peers) {
    List<Finding> findings = new ArrayList<>();
    findings.add(MemoryLimits.check(DRIVER, MemoryLimits.ofThisProcess()));
    if (trainer == TrainerKind.SHARED) {
      findings.addAll(JvmFlags.check(DRIVER, JvmFlags.ofThisProcess()));
      findings.addAll(SparkSettingsCheck.check(configuration));
      SharedMemoryInfo memory = SharedMemoryInfo.ofThisProcess();
      findings.add(SharedMemoryInfo.check(DRIVER, memory, memory.needed(DRIVER, peers)));
    }
    if (trainer == TrainerKind.SHARED || (trainer == TrainerKind.ALLREDUCE && peers > 1)) {
      findings.add(
          NetworkInfo.check(DRIVER, NetworkInfo.ofDriver(configuration.get("spark.driver.host"))));
    }
    return findings;
  }
}
