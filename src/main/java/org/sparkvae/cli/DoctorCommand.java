package org.sparkvae.cli;

import java.util.List;
import org.sparkvae.doctor.Doctor;
import org.sparkvae.doctor.Finding;
import org.sparkvae.doctor.Finding.Level;
import org.sparkvae.failure.ConfigurationFailure;
import org.sparkvae.failure.OutsideFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** {@code doctor}. */
@Command(
    name = "doctor",
    description =
        "Checks this machine, or every process of the cluster, before an hour is wasted: versions,"
            + " JVM options, memory, network, GPUs, the output directory.",
    sortOptions = false)
final class DoctorCommand extends Verb {
  @Override
  public void run() {
    List<Finding> findings = Doctor.examine(output);
    FindingTable.lines(findings, Ansi.AUTO).forEach(reporter()::say);
    long failures = findings.stream().filter(Finding::isFailure).count();
    String summary =
        "checks: %d, failures: %d, warnings: %d"
            .formatted(findings.size(), failures, count(findings, Level.WARNING));
    if (count(findings, Level.WRONG_SETTING) > 0) {
      throw new ConfigurationFailure(summary + "; the table above has a cure for each");
    }
    if (failures > 0) {
      throw new OutsideFailure(summary + "; the table above has a cure for each");
    }
    reporter().say(summary);
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(each -> each.level() == level).count();
  }
}
