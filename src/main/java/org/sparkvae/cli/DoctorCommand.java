package org.sparkvae.cli;

import java.util.List;
import org.sparkvae.doctor.Doctor;
import org.sparkvae.doctor.Finding;
import org.sparkvae.doctor.Finding.Level;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;

/** The {@code doctor} command. */
@Command(
    name = "doctor",
    description =
        "Checks this machine, or the driver and every executor of a cluster, before training:"
            + " versions, JVM options, memory, network, GPUs and the output directory.",
    footer = {
      "  submit/sparkvae doctor",
      "  submit/sparkvae --master spark://HOST:7077 doctor --output hdfs://HOST/runs"
    })
final class DoctorCommand extends BaseCommand {
  @Mixin private OutputOptions run;

  @Override
  public void run() {
    List<Finding> findings = Doctor.examine(run.output);
    FindingsTable.lines(findings, Ansi.AUTO).forEach(reporter::info);
    long failures = findings.stream().filter(Finding::isFailure).count();
    String summary =
        "checks: %d, failures: %d, warnings: %d"
            .formatted(findings.size(), failures, count(findings, Level.WARNING));
    if (count(findings, Level.WRONG_SETTING) > 0) {
      throw new ConfigurationException(summary + ". The table above shows how to fix each.");
    }
    if (failures > 0) {
      throw new TransientException(summary + ". The table above shows how to fix each.");
    }
    reporter.info(summary);
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }
}
