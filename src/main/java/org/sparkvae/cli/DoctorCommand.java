package org.sparkvae.cli;

import java.util.List;
import org.sparkvae.doctor.Doctor;
import org.sparkvae.doctor.Finding;
import org.sparkvae.doctor.Finding.Level;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** {@code doctor}. */
@Command(
    name = "doctor",
    description =
        "Checks this machine, or every process of the cluster, before an hour is wasted: versions,"
            + " JVM options, memory, network, GPUs, the output directory.",
    sortOptions = false)
final class DoctorCommand extends BaseCommand {
  @Override
  public void run() {
    List<Finding> findings = Doctor.examine(output);
    FindingsTable.lines(findings, Ansi.AUTO).forEach(reporter()::say);
    long failures = findings.stream().filter(Finding::isFailure).count();
    String summary =
        "checks: %d, failures: %d, warnings: %d"
            .formatted(findings.size(), failures, count(findings, Level.WARNING));
    if (count(findings, Level.WRONG_SETTING) > 0) {
      throw new ConfigurationException(summary + "; the table above has a cure for each");
    }
    if (failures > 0) {
      throw new TransientException(summary + "; the table above has a cure for each");
    }
    reporter().say(summary);
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(each -> each.level() == level).count();
  }
}
