package org.sparkvae.cli;

import java.util.Optional;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.run.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code report}. */
@Command(
    name = "report",
    description = "Writes all that a run shows on one page, report.html, which needs no network.",
    sortOptions = false)
final class ReportCommand extends BaseCommand.OnRun {
  @Option(
      names = "--compare",
      paramLabel = "RUN",
      description =
          "set this run and another one of the same --output side by side instead, in compare-RUN.html")
  private String compare;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    if (compare != null && compare.equals(runId())) {
      throw new ParameterException(
          spec.commandLine(), "--compare %s: name another run than --run-id".formatted(compare));
    }
    stagesOfExistingRun().report(Optional.ofNullable(compare).map(this::other));
  }

  private Run other(String id) {
    return Run.open(id, output, SettingsReader::settings, reporter());
  }
}
